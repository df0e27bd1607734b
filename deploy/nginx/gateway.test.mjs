// What a client notices of the gateway. The services behind it are echoes that say what reached them. Of the two replicas
// the gateway knows of each, the second is down.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';

const port = Number(process.env.GATEWAY_PORT);
const firstService = Number(process.env.FIRST_SERVICE_PORT);
const names = ['user', 'vendor', 'product', 'cart', 'order', 'payment', 'invoice', 'email', 'rating', 'admin', 'analytics', 'search'];
const echoes = [];

function echo(service) {
  return http.createServer((request, response) => {
    if (request.url.includes('/live')) return stream(response);
    if (request.url.includes('/refused')) return refuse(response);
    if (request.url.endsWith('/pdf')) return printed(response);
    request.resume().on('end', () => {
      response.setHeader('X-Request-Id', 'from-the-service');
      response.end(JSON.stringify({ service, url: request.url, headers: request.headers }));
    });
  });
}

function stream(response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
  response.write('id: 1\ndata: first\n\n');
  response.on('close', () => response.end());
}

function refuse(response) {
  response.writeHead(503, { 'Content-Type': 'application/problem+json', 'Retry-After': '77' });
  response.end('{"title":"of the service"}');
}

function printed(response) {
  response.writeHead(200, { 'Content-Type': 'application/pdf', 'Content-Security-Policy': "default-src 'none'; sandbox" });
  response.end('%PDF-');
}

before(async () => {
  for (const [i, name] of names.entries()) {
    const server = echo(name);
    await new Promise((done) => server.listen(firstService + i, '127.0.0.1', done));
    echoes.push(server);
  }
});

after(() => echoes.forEach((server) => { server.closeAllConnections(); server.close(); }));

// The path goes out as it is written: `fetch` would tidy it up.
function ask(path, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => { text += chunk; });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, raw: response.rawHeaders, text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

function assertProblem(answer, status, slug) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  const problem = JSON.parse(answer.text);
  assert.equal(problem.status, status);
  assert.equal(problem.type, `http://127.0.0.1:${port}/problems/gateway/${slug}`);
  assert.match(problem.trace_id, /^[0-9a-f]{32}$/);
  assert.ok(problem.title && problem.instance.startsWith('/'));
  assert.equal(answer.headers['x-content-type-options'], 'nosniff');
}

// What the documents of the services offer, with something in the place of every parameter. Streams do not end, and
// signing in is counted: both have tests of their own.
function paths(service) {
  const document = JSON.parse(readFileSync(new URL(`../../contracts/http/${service}.openapi.json`, import.meta.url)));
  const all = Object.keys(document.paths).map((path) => path.replace(/{[^}]+}/g, '1'));
  return all.filter((path) => !path.endsWith('/live') && !path.startsWith('/v1/auth/otp'));
}

for (const service of names) {
  test(`what ${service} offers reaches it as it was sent`, async () => {
    for (const path of [...paths(service), `${paths(service)[0]}?limit=5`]) {
      const got = JSON.parse((await ask(path)).text);
      assert.deepEqual([got.service, got.url], [service, path]);
    }
  });
}

test('what is encoded in a path stays so', async () => {
  const got = JSON.parse((await ask('/v1/cart/lines/A%20B')).text);
  assert.deepEqual([got.service, got.url], ['cart', '/v1/cart/lines/A%20B']);
});

test('the root says what this is and where its documents are', async () => {
  const said = JSON.parse((await ask('/')).text);
  assert.equal(said.name, 'Mall');
  const page = await ask(new URL(said.docs).pathname);
  assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
  const shown = JSON.parse((await ask(new URL(said.openapi).pathname)).text);
  assert.equal(shown.openapi, '3.1.0');
  assert.ok(shown.paths['/v1/cart/checkout'].post && shown.paths['/v1/me'].delete, 'the routes of all services');
});

test('the page of the API is whole, and its policy lets it run nothing but what lies here', async () => {
  const page = await ask('/docs/');
  const parts = [...page.text.matchAll(/(?:src|href)="(\/[^"]*)"/g)].map(([, path]) => path);
  for (const path of parts) assert.equal((await ask(path)).status, 200, path);
  assert.ok(parts.includes('/docs/swagger-ui-bundle.js'));
  assert.match(page.headers['content-security-policy'], /^default-src 'none'; script-src 'self';/);
  assert.equal((await ask('/docs')).headers.location, `http://127.0.0.1:${port}/docs/`);
});

test('everything else is nothing, however it is spelled', async () => {
  const paths = ['/metrics', '/livez', '/readyz', '/health', '/health/details', '/debug', '/debug/pprof', '/internal', '/internal/x',
    '/v1', '/v1/nothing', '/v0', '/v0/orders', '/old', '/v2/orders', '/.git', '/.git/config', '/.env', '/swagger', '/swagger-ui/', '/docs/package.json', '/docs/../gateway', '/v1/orders/', '/v1/admin/settlements', '/v1/admin/tax', '/v1/tax', '/v1/states/29', '/v1/returns', '/v1/admin/returns/', '/v1/reductions', '/v1/refund-account', '/v1/payments/refund-account/x', '/admin',
    '//v1/orders', '/v1//orders', '/v1/./orders', '/v1/%2e/orders', '/x/../v1/orders', '/x/%2e%2e/v1/orders', '/v1/%6frders', '/V1/orders', '/v1/Orders', '/v1/ordersx',
    '/problems/x%2f..%2f..%2fCargo', '/gateway-problem/not-found'];
  for (const path of paths) assertProblem(await ask(path), 404, 'not-found');
});

test('nobody climbs out of the folder of the problem pages', async () => {
  assertProblem(await ask('/problems/..%2f..%2fCargo'), 400, 'bad-request');
});

test('an address over the limit is refused', async () => {
  assertProblem(await ask(`/v1/search/products?q=${'x'.repeat(9000)}`), 413, 'too-large');
});

test('a quote in the path cannot break out of the answer', async () => {
  const problem = JSON.parse((await ask('/x","status":200,"y":"')).text);
  assert.equal(problem.status, 404);
});

test('a client cannot say who it is', async () => {
  const headers = { 'X-User-Id': '1', 'X-Role': 'admin', 'X-Roles': 'admin', 'X-User-Role': 'admin', Forwarded: 'for=1.1.1.1', 'X-Forwarded-For': '1.1.1.1',
    'X-Forwarded-Host': 'evil', 'X-Real-IP': '1.1.1.1', 'X-HTTP-Method-Override': 'DELETE', 'X-Original-URL': '/x' };
  const got = JSON.parse((await ask('/v1/orders', { headers })).text).headers;
  assert.equal(got['x-forwarded-for'], '127.0.0.1');
  assert.equal(got['x-real-ip'], '127.0.0.1');
  for (const name of ['x-user-id', 'x-role', 'x-roles', 'x-user-role', 'forwarded', 'x-forwarded-host', 'x-http-method-override', 'x-original-url']) {
    assert.equal(got[name], undefined, name);
  }
});

test('a cookie reaches the sign-in alone', async () => {
  const seen = async (path) => JSON.parse((await ask(path, { method: 'POST', headers: { Cookie: '__Host-mall=t' }, body: '{}' })).text).headers.cookie;
  for (const path of ['/v1/auth/refresh', '/v1/auth/logout']) assert.equal(await seen(path), '__Host-mall=t', path);
  for (const path of ['/v1/orders', '/v1/me', '/v1/me/sessions', '/v1/cart/checkout']) assert.equal(await seen(path), undefined, path);
});

test('a token, a key and a trace reach the service', async () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const headers = { Authorization: 'Bearer t', 'Idempotency-Key': 'k', 'X-Cart-Token': 'c', 'X-Request-Id': 'mine-1', traceparent };
  const got = JSON.parse((await ask('/v1/orders', { method: 'POST', headers, body: '{}' })).text).headers;
  assert.deepEqual([got.authorization, got['idempotency-key'], got['x-cart-token'], got['x-request-id'], got.traceparent], ['Bearer t', 'k', 'c', 'mine-1', traceparent]);
});

test('an insane trace or request id is not passed on', async () => {
  const got = JSON.parse((await ask('/v1/orders', { headers: { 'X-Request-Id': 'a b"c', traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` } })).text).headers;
  assert.match(got['x-request-id'], /^[0-9a-f]{32}$/);
  assert.equal(got.traceparent, undefined);
});

test('an answer of the gateway carries the trace of the request', async () => {
  const answer = await ask('/nothing', { headers: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', 'X-Request-Id': 'mine-2' } });
  assert.equal(JSON.parse(answer.text).trace_id, '4bf92f3577b34da6a3ce929d0e0e4736');
  assert.equal(answer.headers['x-request-id'], 'mine-2');
});

test('what a service says itself is passed on once', async () => {
  const refused = await ask('/v1/orders/refused');
  assert.equal(refused.status, 503);
  assert.equal(refused.headers['retry-after'], '77');
  assert.equal(JSON.parse(refused.text).title, 'of the service');
  const { raw } = await ask('/v1/orders');
  assert.equal(raw.filter((name) => name.toLowerCase() === 'x-request-id').length, 1);
});

test('a body over the limit is refused, however it comes', async () => {
  const most = 1024 * 1024;
  assert.equal((await ask('/v1/orders', { method: 'POST', body: Buffer.alloc(most) })).status, 200);
  assertProblem(await ask('/v1/orders', { method: 'POST', body: Buffer.alloc(most + 1) }), 413, 'too-large');
  const headers = { 'Transfer-Encoding': 'chunked' };
  assertProblem(await ask('/v1/orders', { method: 'POST', headers, body: Buffer.alloc(most + 1) }), 413, 'too-large');
  const packed = gzipSync(Buffer.alloc(32 * most));
  assert.ok(packed.length * 900 < 32 * most);
  const got = JSON.parse((await ask('/v1/orders', { method: 'POST', headers: { 'Content-Encoding': 'gzip' }, body: packed })).text);
  assert.equal(got.headers['content-length'], String(packed.length), 'it is handed on as it came');
});

test('a stream arrives while it goes on', async () => {
  const first = await new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port, path: '/v1/analytics/live', agent: false }, (response) => {
      response.once('data', (chunk) => { resolve(String(chunk)); request.destroy(); });
    });
    request.on('error', reject);
  });
  assert.match(first, /data: first/);
});

test('a dead replica is not noticed', async () => {
  for (let i = 0; i < 50; i += 1) {
    assert.equal((await ask('/v1/orders')).status, 200);
    assert.equal((await ask('/v1/orders', { method: 'POST', body: '{}' })).status, 200);
  }
});

test('what a replica may have done already is asked of another only when that is safe', async (t) => {
  const heard = [];
  // It hears the whole request and dies before it answers.
  const dying = http.createServer((request) => request.resume().on('end', () => {
    heard.push(request.method);
    request.socket.destroy();
  }));
  await new Promise((done) => dying.listen(Number(process.env.SECOND_RATING_PORT), '127.0.0.1', done));
  t.after(() => dying.close());
  // Asks until the dying replica was the one that heard it.
  const askTheDying = async (options) => {
    const before = heard.length;
    for (;;) {
      const answer = await ask('/v1/reviews/a%2Fb?x=%7e', options);
      if (heard.length > before) return answer;
      assert.equal(answer.status, 200);
    }
  };
  const headers = { 'Idempotency-Key': 'k' };
  for (const options of [{}, { method: 'PUT', body: '{}' }, { method: 'DELETE' }, { method: 'POST', body: '{"a":1}', headers }, { method: 'PATCH', body: '{}', headers }]) {
    const answer = await askTheDying(options);
    assert.equal(answer.status, 200, options.method);
    assert.equal(JSON.parse(answer.text).url, '/v1/reviews/a%2Fb?x=%7e', 'as it was asked');
  }
  for (const method of ['POST', 'PATCH']) {
    assertProblem(await askTheDying({ method, body: '{}' }), 503, 'unavailable');
  }
  assert.deepEqual(heard, ['GET', 'PUT', 'DELETE', 'POST', 'PATCH', 'POST', 'PATCH'], 'each once');
});

test('codes are limited per client, other paths are not', async () => {
  const answers = [];
  for (let i = 0; i < 6; i += 1) answers.push(await ask('/v1/auth/otp', { method: 'POST', body: '{}' }));
  const limited = answers.filter((answer) => answer.status === 429);
  assert.equal(limited.length, 2);
  assertProblem(limited[0], 429, 'rate-limited');
  assert.ok(Number(limited[0].headers['retry-after']) > 0);
  assert.equal((await ask('/v1/auth/refresh', { method: 'POST', body: '{}' })).status, 200);
  assert.match(readFileSync(process.env.GATEWAY_LOG, 'utf8'), /"method":"POST","path":"\/v1\/auth\/otp","status":429/);
});

test('a service that is away is a closed counter, and no link of an invoice is logged', async () => {
  const invoice = echoes[names.indexOf('invoice')];
  await new Promise((done) => { invoice.close(done); invoice.closeAllConnections(); });
  const answer = await ask('/v1/invoice-links/topsecret?x=topsecret');
  assertProblem(answer, 503, 'unavailable');
  assert.ok(Number(answer.headers['retry-after']) > 0);
  assert.equal((await ask('/v1/orders')).status, 200);
  assert.doesNotMatch(readFileSync(process.env.GATEWAY_LOG, 'utf8'), /topsecret/);
});

test('every problem of the gateway has its page', async () => {
  for (const slug of ['bad-request', 'not-found', 'method-not-allowed', 'precondition-failed', 'too-large', 'rate-limited', 'unavailable']) {
    assert.equal((await ask(`/problems/gateway/${slug}`)).status, 200, slug);
  }
});

// The whole answer to bytes that no client library would send.
function send(bytes) {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => { text += chunk; });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

test('a body that never ends is given up, and no service hears of it', async () => {
  const head = 'POST /v1/orders HTTP/1.1\r\nHost: x\r\n';
  for (const bytes of [`${head}Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n`, `${head}Content-Length: 100\r\n\r\nabcde`]) {
    assert.equal(await send(bytes), '', 'the connection is closed without a word');
  }
});

test('a request with two meanings is refused and the connection closed', async () => {
  const start = 'POST /v1/orders HTTP/1.1\r\nHost: x\r\n';
  const smuggled = 'GET /v1/me HTTP/1.1\r\nHost: x\r\n\r\n';
  const twice = [
    `${start}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${start}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
    `${start}Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef`,
    `${start}Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde`,
    `${start}Content-Length: 5, 6\r\n\r\nabcdef`,
    `${start}Content-Length: x\r\n\r\n`,
    `${start}Content-Length: +5\r\n\r\nabcde`,
    `${start}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    `${start}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`,
    `${start}Transfer-Encoding: chunked\r\n\r\nx\r\n`,
    `${start}Content-Length : 5\r\n\r\nabcde`,
    `${start}X-Folded: a\r\n b\r\nContent-Length: 0\r\n\r\n`,
    `${start}X-Nul: a\0b\r\n\r\n`,
    'POST /v1/orders HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n',
    'POST /v1/orders HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'nonsense\r\n\r\n',
  ];
  for (const bytes of twice) {
    const text = await send(bytes + smuggled);
    assert.match(text, /^HTTP\/1.1 400 |^HTTP\/1.0 400 |^\{/, bytes);
    assert.match(text, /application\/problem\+json|"status":400/, bytes);
    assert.equal(text.match(/"status":|"service":/g).length, 1, `${bytes} was more than one request: ${text}`);
  }
});

test('a line that ends without a carriage return is a line, for the gateway and for what it hands on', async () => {
  const text = await send('GET /v1/orders HTTP/1.1\nHost: x\nX-Role: admin\nConnection: close\n\n');
  const got = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  assert.equal(got.headers['x-role'], undefined);
  assert.equal(text.match(/"service":/g).length, 1);
});

test('what lies here can be read and nothing else', async () => {
  for (const path of ['/', '/?x=1', '/openapi.json', '/docs/', '/docs/page.js', '/docs/swagger-ui.css', '/problems/not-found']) {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']) {
      const refused = await ask(path, { method });
      assertProblem(refused, 405, 'method-not-allowed');
      assert.equal(refused.headers.allow, 'GET, HEAD', `${method} ${path}`);
    }
    assert.equal((await ask(path, { method: 'HEAD' })).status, 200, path);
  }
});

test('a document of another edition is refused, and a part of one is the whole', async () => {
  for (const path of ['/openapi.json', '/docs/', '/problems/not-found']) {
    const { headers: { etag }, text } = await ask(path);
    for (const headers of [{ 'If-Match': '"x"' }, { 'If-Unmodified-Since': 'Thu, 01 Jan 1970 00:00:00 GMT' }]) {
      assertProblem(await ask(path, { headers }), 412, 'precondition-failed');
    }
    assert.equal((await ask(path, { headers: { 'If-Match': etag } })).status, 200);
    for (const range of ['bytes=0-1', 'bytes=99999999-']) {
      const whole = await ask(path, { headers: { Range: range } });
      assert.deepEqual([whole.status, whole.text], [200, text], range);
    }
  }
});

test('TRACE is not taken', async () => {
  const refused = await ask('/v1/orders', { method: 'TRACE' });
  assertProblem(refused, 405, 'method-not-allowed');
  assert.equal(refused.headers.allow, 'GET, HEAD, POST, PUT, PATCH, DELETE');
});

test('no other origin is let in', async () => {
  for (const origin of ['https://evil', 'null', 'https://shop.example.evil', `http://127.0.0.1:${port}.evil`]) {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const headers = { Origin: origin, Cookie: 'session=1', Authorization: 'Bearer t', 'Access-Control-Request-Method': 'DELETE' };
      for (const path of ['/v1/orders', '/nothing']) {
        const cors = Object.keys((await ask(path, { method, headers })).headers).filter((name) => name.startsWith('access-control-'));
        assert.deepEqual(cors, [], `${method} ${path} from ${origin}`);
      }
    }
  }
});

test('answers, documents and refusals are hardened', async () => {
  for (const path of ['/v1/orders', '/v1/invoice-links/abc', '/nothing', '/problems/gateway/not-found']) {
    const { headers } = await ask(path);
    assert.equal(headers['x-content-type-options'], 'nosniff', path);
    assert.equal(headers['referrer-policy'], 'no-referrer', path);
    assert.equal(headers['cache-control'], 'no-store', path);
    assert.match(headers['content-security-policy'], /default-src 'none'.*sandbox/, path);
    assert.equal(headers.server, 'nginx', path);
  }
  const { raw } = await ask('/v1/invoice-links/pdf');
  const own = raw.filter((name) => name.toLowerCase() === 'content-security-policy');
  assert.equal(own.length, 1, 'what the service says itself is not doubled');
});
