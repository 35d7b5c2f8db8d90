import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/text/json.js';
import { check, component, html, METADATA, movieWith, uploadTo } from './movies-with.js';

describe('a literal private address is refused wherever the provider fetches', () => {
  const shown = (markup: string) => movieWith({ type: 'text', text: markup });

  test.each<[string, JsonObject]>([
    ['a background of a component', component({ card: { 'background-image': `url(${METADATA})` } })],
    [
      'a style written with escapes',
      component({ style: 'background: u\\72l("http\\3a //169.254.169.254/x")' }),
    ],
    ['markup in a text element', shown('Hi <img src="http://10.0.0.1/a.png">')],
    ["markup in a component's text", component({ headline: { text: `<img src=${METADATA}>` } })],
    [
      "markup in lines of a component's text",
      component({ body: { text: ['a', `<img src='${METADATA}'>`] } }),
    ],
    [
      'a variable as the address of a picture',
      html("<img src='{{message}}'>", { variables: { message: METADATA } }),
    ],
    [
      'two variables as the address of a picture',
      html("<img src='{{a}}{{b}}'>", { variables: { a: 'http://169.254', b: '.169.254/' } }),
    ],
    ['a variable that brings markup', html('<p>{{a}}</p>', { variables: { a: `<img src=${METADATA}>` } })],
    ['an address without a scheme', html("<img src='//169.254.169.254/latest'>")],
    ['backslashes, as browsers read them', html('<img src="\\\\169.254.169.254\\latest">')],
    ['an address with a tab in it', html('<img src="ht\ttp://169.254.169.254/">')],
    ['an address of character references', html('<img src="http&#58;//169.254.169.254/">')],
    ['a srcset', html(`<img srcset="https://a.example/a.png 1x, ${METADATA} 2x">`)],
    ['a style sheet', html(`<link rel="stylesheet" href="${METADATA}">`)],
    ['an import in a style sheet', html(`<style>@import "${METADATA}";</style>`)],
    ['an image set', html(`<p style='background: image-set("${METADATA}" 1x)'></p>`)],
    ['a style in SVG', html(`<svg><style>a { fill: url(${METADATA}) }</style></svg>`)],
    ['a picture in a style of SVG', html(`<svg><style><img src="${METADATA}"></style></svg>`)],
    [
      'a picture behind a style that SVG left',
      html(`<svg><svg><p><style><!--</style><img src="${METADATA}">`),
    ],
    ['an image in SVG', html(`<svg><image xlink:href="${METADATA}"/></svg>`)],
    ['a frame', html(`<iframe src="${METADATA}"></iframe>`)],
    ['a document in a frame', html(`<iframe srcdoc="<img src='${METADATA}'>"></iframe>`)],
    ['a page that goes on elsewhere', html(`<meta http-equiv="Refresh" content="0; URL='${METADATA}'">`)],
    ['a base of relative addresses', html('<base href="http://10.1.2.3/"><img src="/a.png">')],
    ['a file of the machine', html('<img src="file:///etc/passwd">')],
    ['a poster', html(`<video poster="${METADATA}"></video>`)],
    ['a picture behind a frameset', html(`<frameset><img src="${METADATA}">`)],
    ['a frame of a frameset', html(`<frameset><frame src="${METADATA}"></frameset>`)],
    [
      'an unknown path behind the address',
      movieWith({ type: 'image', src: 'http://169.254.169.254/{{path}}' }),
    ],
    ['an unknown end of the address', movieWith({ type: 'image', src: 'http://169.254.169.254{{end}}' })],
    ['a host behind a query', movieWith({ type: 'image', src: 'https://cdn.example.com?@127.0.0.1/a.png' })],
    ['markup for browsers without scripts', html(`<noscript><img src="${METADATA}"></noscript>`)],
    ['a picture in a list of choices', html(`<select><option><img src="${METADATA}"></select>`)],
    ['a style in a list of choices', html(`<select><style>a { fill: url(${METADATA}) }</style></select>`)],
    ['a tag that the text after the snippet ends', html(`<p>Hi</p><img src=${METADATA}`)],
    ['an open quote at the end of a snippet', html(`<p>Hi</p><img src='${METADATA}`)],
    ['a document in an address', html(`<iframe src="data:text/html,<img src='${METADATA}'>"></iframe>`)],
    [
      'an encoded document in an address',
      html(`<object data="data:image/svg+xml;base64,${btoa(`<svg><image href="${METADATA}"/></svg>`)}">`),
    ],
    ['a style sheet in an address', html(`<style>@import "data:text/css,a{fill:url(${METADATA})}";</style>`)],
    ['a host without a scheme', movieWith({ type: 'image', src: '169.254.169.254/latest' })],
    ['a short address without a scheme', movieWith({ type: 'image', src: '127.1' })],
    ['a host without slashes', html('<img src="https:169.254.169.254/latest">')],
    ['a host behind one slash', html('<style>a { fill: url(https:/169.254.169.254/latest) }</style>')],
    ['a host without slashes in a setting', component({ image: 'http:169.254.169.254/latest' })],
    ['a host without slashes before a variable', html('<img src="https:169.254.169.254/{{path}}">')],
    ['a setting with a tab in its scheme', component({ image: 'ht\ttp://169.254.169.254/' })],
    ['a setting behind a control character', component({ image: '\u0001http://169.254.169.254/' })],
    ['a setting with the name of a field', component({ model: METADATA })],
    ['a setting within others', component({ variables: { image: METADATA } })],
    ['a webhook without slashes', uploadTo({ type: 'webhook', endpoint: 'http:169.254.169.254/latest' })],
    ['an IPv6 server of an upload', uploadTo({ type: 'sftp', host: 'fd00:ec2::254', username: 'u' })],
    ['an IPv6 server of this machine', uploadTo({ type: 'ftp', host: '::1' })],
    ['the server of an upload', uploadTo({ type: 'sftp', host: '10.0.0.5', username: 'u', password: 'p' })],
    ['the server of an upload with its port', uploadTo({ type: 'ftp', host: '127.0.0.1:2121' })],
    ['a webhook', uploadTo({ type: 'webhook', endpoint: 'https://192.168.1.1/hook' })],
    ['a variable of a template', { template: 't', variables: { slides: [{ photo: METADATA }] } }],
    [
      'the font of captions',
      { scenes: [], elements: [{ type: 'subtitles', settings: { 'font-url': METADATA } }] },
    ],
  ])('%s', (_, movie) => {
    expect(check(movie)).toThrow(expect.objectContaining({ code: 'MovieInvalid' }));
  });

  test.each<[string, Json, JsonObject]>([
    ['a member of an item', [{ url: 'https://a.example/1.png' }, { url: METADATA }], { iterate: 'rows' }],
    ['an item', ['https://a.example/1.png', METADATA], { iterate: '{{rows}}' }],
    ['an item under a name of its own', [{ url: METADATA }], { iterate: 'rows', 'iterate-as': 'row' }],
  ])('%s of a repeated scene', (_, rows, how) => {
    const elements = ['{{url}}', '{{item}}', '{{row.url}}'].map((src) => ({ type: 'image', src }));
    expect(check({ variables: { rows }, scenes: [{ ...how, elements }] })).toThrow(/169\.254\.169\.254/);
  });

  test('and the error names path and address, with an id and without the rest of the query', () => {
    const src = 'http://10.0.0.1/uc?export=download&id=1AbC&token=pass-phrase';
    expect(check(movieWith({ type: 'image', src }))).toThrow(
      'scenes[0].elements[0].src names the host 10.0.0.1, which is not public: http://10.0.0.1/uc?id=1AbC (',
    );
  });
});
