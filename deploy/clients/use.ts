// What somebody writes who has only the API document: compiled, so that its types say what they should.
import createClient from 'openapi-fetch';
import type { components, paths } from './mall.js';

const mall = createClient<paths>({ baseUrl: 'http://127.0.0.1:8080' });

export async function titles(): Promise<string[]> {
  const { data, error } = await mall.GET('/v1/products', { params: { query: { limit: 5 } } });
  if (error) throw new Error(`${error.status} ${error.title}`);
  return data.items.map((product) => product.title);
}

// `total` in paise, as the cart said it.
export async function checkOut(token: string, key: string, addressId: string, total: number): Promise<string> {
  const { data, error } = await mall.POST('/v1/cart/checkout', {
    params: { header: { 'Idempotency-Key': key } },
    headers: { Authorization: `Bearer ${token}` },
    body: { address_id: addressId, payment_method: 'upi', expected_total: { amount: total, currency: 'INR' } },
  });
  if (error) throw new Error((error.errors ?? []).map((wrong) => `${wrong.pointer}: ${wrong.detail}`).join('\n'));
  return data.checkout_id;
}

// @ts-expect-error There is no such way to pay.
export const unknown: components['schemas']['PaymentMethod'] = 'cheque';
