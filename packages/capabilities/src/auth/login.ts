import { requiredText, textArgument, type Handler } from '../handler.js';
import { untilUncontested } from '../records.js';
import { checkCallback } from './callback.js';
import { normalEmail } from './email.js';
import { countLogin } from './login-limit.js';
import { lineOf, signInMessage } from './message.js';
import { issueToken } from './token.js';

/** Sends a sign-in link. The answer is the same whether or not the address has a key. */
export const login: Handler = async (call, { store, vault, mailer, baseUrl, callbacks }) => {
  const email = normalEmail(requiredText(call, 'email'));
  const callback = textArgument(call, 'callback_url');
  const appName = lineOf(textArgument(call, 'app_name') ?? 'InfiniteOcean', 'app_name');
  const given = textArgument(call, 'subject');
  const subject = given === undefined ? undefined : lineOf(given, 'subject');
  const url =
    callback === undefined ? new URL(`${baseUrl()}/auth/verify`) : checkCallback(callback, callbacks);
  const token = await untilUncontested(store, async (snapshot) => {
    const counted = await countLogin(snapshot, vault, email);
    const { text, operation } = issueToken(vault, email, snapshot.now);
    await store.commit({ operations: [counted, operation], writer: null });
    return text;
  });
  url.searchParams.set('token', token);
  await mailer.send(signInMessage({ email, link: url.href, appName, subject }));
  return { sent: true };
};
