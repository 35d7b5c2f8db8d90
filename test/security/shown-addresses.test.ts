import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/text/json.js';
import { check, component, html, movieWith, uploadTo } from './movies-with.js';

describe('a movie passes if only what is shown looks like an address', () => {
  const SFTP = { type: 'sftp', host: 'files.example.com', username: 'a@b' };

  test.each<[string, JsonObject]>([
    [
      'a variable as the host in html',
      html("<img src='https://{{cdn}}/a.png'>", { variables: { cdn: 'c.example' } }),
    ],
    ['a host that only the render knows', html("<img src='https://{{cdn}}/a'>")],
    ['a path that only the render knows', movieWith({ type: 'image', src: '{{base}}/a.png' })],
    ['a script with escaped slashes', html('<script>fetch("https:\\/\\/a.example\\/x")</script>')],
    ['a text about addresses', html('<p>Look for https:// in the bar, or sftp://x, or http://localhost</p>')],
    ['a link to a telephone', html('<a href="tel:+34123">Call</a> <a href="profile:/me">me</a>')],
    ['a link that is only shown', html('<a href="http://localhost:3000">mine</a>')],
    ['a picture within the page', html('<img src="data:image/png;base64,AAAA"><img src="a.png">')],
    ['a password with a slash', uploadTo({ ...SFTP, password: 'Ab9:/k2' })],
    ['a remote path of Windows', uploadTo({ ...SFTP, password: 'p', 'remote-path': 'D:/videos' })],
    ['a user name that is an address', uploadTo({ ...SFTP, username: 'http://localhost', password: 'p' })],
    [
      'a variable that opens an app',
      movieWith({ type: 'text', text: 'Go to {{link}}' }, { variables: { link: 'myapp://open/42' } }),
    ],
    [
      'a variable with a local address that a text shows',
      movieWith({ type: 'text', text: '{{link}}' }, { variables: { link: 'http://localhost:3000' } }),
    ],
    ['a headline', component({ headline: 'http://localhost:3000' })],
    ['lines of a headline', component({ headline: { text: ['http://localhost:3000', 'now'] } })],
    ['a voice', movieWith({ type: 'voice', text: 'Say <img src="http://localhost/a">' })],
    ['a query with an @ and no path', movieWith({ type: 'image', src: 'https://quickchart.io?c=a@b' })],
    ['a query with a space and no path', movieWith({ type: 'image', src: 'https://placehold.co?text=A B' })],
    [
      'a colour and a comment in settings',
      component({ color: 'rgb(1, 2, 3)', rule: '// none', mail: 'a@b.c' }),
    ],
    ['a webhook with a password', uploadTo({ type: 'webhook', endpoint: 'https://a:b@hooks.example.com/x' })],
    [
      'a variable of a template that is shown',
      { template: 't', variables: { headline: 'http://localhost:3000' } },
    ],
    [
      'a scene that repeats nothing',
      { scenes: [{ iterate: 'none', elements: [{ type: 'image', src: '{{url}}' }] }] },
    ],
  ])('%s', (_, movie) => {
    expect(check(movie)).not.toThrow();
  });
});
