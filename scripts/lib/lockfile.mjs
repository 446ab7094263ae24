const systems = ['android', 'darwin', 'freebsd', 'linux', 'win32', 'openharmony', 'aix', 'netbsd', 'openbsd', 'sunos'];
const processors = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32'];

/** The optional dependencies that a lockfile names but has no entry for; platform as far as the name tells it. */
export function missingFromLock(lock) {
  return Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {}, dev = false }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !isLocked(lock, path, name))
      .map(([name, version]) => {
        const words = name.split('/').at(-1).split('-');
        const os = words.map((word) => (word === 'windows' ? 'win32' : word)).find((word) => systems.includes(word));
        const cpu = words.find((word) => processors.includes(word));
        return { name, version, os, cpu, dev };
      }),
  );
}

/** As Node looks for it: beside the package that wants it, then in every folder above. */
function isLocked(lock, path, name) {
  for (let place = path; ; place = place.slice(0, Math.max(0, place.lastIndexOf('node_modules') - 1))) {
    if (lock.packages[`${place === '' ? '' : `${place}/`}node_modules/${name}`] !== undefined) return true;
    if (place === '') return false;
  }
}
