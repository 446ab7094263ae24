/** The page to read the API's document: works without a network, without inline scripts, and with the keyboard alone. */
export const DOCS_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>HTTP API · Practice Studio Integrations</title>
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<link rel="stylesheet" href="/api/docs/page.css">
<script src="/api/docs/page.js" defer></script>
</head>
<body>
<a class="skip" href="#content">Skip to the routes</a>
<header>
<h1>HTTP API <span id="version"></span></h1>
<p><a href="/">Console</a> <a href="/api/openapi.json">OpenAPI document</a></p>
<label for="filter">Find a route</label>
<input id="filter" type="search" autocomplete="off" placeholder="/ or a word">
</header>
<div class="columns">
<nav aria-label="Parts of the API" id="parts"></nav>
<main id="content" tabindex="-1">
<p id="intro"></p>
<p id="count" role="status"></p>
<div id="routes"></div>
<noscript><p>This page needs scripts; the document itself is at <a href="/api/openapi.json">/api/openapi.json</a>.</p></noscript>
</main>
</div>
</body>
</html>
`;
