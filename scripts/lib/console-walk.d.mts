export interface WalkSize {
  readonly width: number;
  readonly height: number;
}
export interface Walk {
  /** One line for each thing that is wrong. */
  readonly problems: readonly string[];
  readonly looked: readonly { readonly name: string; readonly file: string | undefined }[];
  /** How many pages there are. */
  readonly pages: number;
}
export const CHROMIUM_FLAGS: string[];
export function findChromium(): string | undefined;
export function walkConsole(options: {
  readonly executablePath: string;
  readonly views: readonly { readonly size: WalkSize; readonly schemes: readonly ('light' | 'dark')[] }[];
  /** Where the pictures go; none are made without it. */
  readonly directory?: string;
  readonly say?: (line: string) => void;
}): Promise<Walk>;
