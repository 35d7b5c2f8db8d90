/** Marks that a script of a text ran. */
const RUN = 'window.pwned=1';

const PAYLOADS: readonly string[] = [
  `<script>${RUN}</script>`,
  `<img src=x onerror=${RUN}>`,
  `<svg onload=${RUN}>`,
  `<svg><script>${RUN}</script></svg>`,
  `<body onload=${RUN}>`,
  `<iframe srcdoc="<script>parent.${RUN}</script>"></iframe>`,
  `<iframe src="javascript:parent.${RUN}"></iframe>`,
  `<a href="javascript:${RUN}">x</a>`,
  `<form action="javascript:${RUN}"><button>x</button></form>`,
  `<input autofocus onfocus=${RUN}>`,
  `<details open ontoggle=${RUN}>`,
  `<video src=x onerror=${RUN}></video>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=${RUN}>`,
  `<meta http-equiv="refresh" content="0;url=javascript:${RUN}">`,
  `<base href="https://example.com/">`,
  `<link rel=stylesheet href="data:text/css,*{display:none}">`,
  `<style>@import 'https://example.com/x.css';</style>`,
  `<div hx-get="/x" hx-trigger="load" hx-on:htmx:load="${RUN}">`,
  `<div hx-on::load="${RUN}" data-hx-get="/x">`,
  `<object data="javascript:${RUN}"></object>`,
  `<template><script>${RUN}</script></template>`,
  `<!--<img src="--><img src=x onerror=${RUN}//">`,
  `<![CDATA[<script>${RUN}</script>]]>`,
  `&lt;script&gt;${RUN}&lt;/script&gt;`,
  `&#60;img src=x onerror=${RUN}&#62;`,
  `\${${RUN}} {{${RUN}}} <%= ${RUN}; %>`,
  `" onmouseover="${RUN}" autofocus onfocus="${RUN}`,
  `' onmouseover='${RUN}' autofocus onfocus='${RUN}`,
  `\` onmouseover=\`${RUN}\``,
  `x" style="position:fixed;inset:0`,
  `x" class="badge done`,
  `x" href="javascript:${RUN}`,
  `javascript:${RUN}`,
  `data:text/html,<script>${RUN}</script>`,
  `//example.com/x`,
  `\u202e\u2066gnihton\u2069 ${RUN}`,
  `\u0000\u0001\u001b[31m<script>${RUN}</script>`,
  `\ud83d<script>${RUN}</script>`,
  `＜script＞${RUN}＜/script＞`,
  `${'<b>'.repeat(200)}${'A'.repeat(2_000)}`,
];

/** Ends of what a page may have begun before the text. */
const BREAKERS: readonly string[] = [
  '',
  '">',
  `'></textarea></title></style></script>`,
  '--></code></pre></main></body></html>',
  '</li></ul></section></template></svg></math>',
];

/** 200 texts that try to become more than text. */
export const HOSTILE_TEXTS: readonly string[] = BREAKERS.flatMap((breaker) =>
  PAYLOADS.map((payload) => `${breaker}${payload}`),
);
