// Takes over what has changed, every two seconds, so that nothing flickers and the focus stays.
// Without scripts, a meta element in the head loads the page again instead.
'use strict';

const PERIOD_MS = 2000;
const TIMEOUT_MS = 10000;

/** Makes what is shown the same as the fresh one, and leaves alone what is the same already. */
function update(shown, fresh) {
  if (shown.isEqualNode(fresh)) {
    return;
  }
  if (shown.nodeName !== fresh.nodeName || shown.childNodes.length !== fresh.childNodes.length) {
    shown.replaceWith(fresh);
    return;
  }
  if (shown.nodeType === Node.TEXT_NODE) {
    shown.nodeValue = fresh.nodeValue;
    return;
  }
  for (const { name, value } of fresh.attributes) {
    // Whether details are open is for the reader to say.
    if (name !== 'open' && shown.getAttribute(name) !== value) {
      shown.setAttribute(name, value);
    }
  }
  const children = [...fresh.childNodes];
  [...shown.childNodes].forEach((child, i) => update(child, children[i]));
}

async function refresh() {
  const lost = document.querySelector('.lost');
  try {
    const response = await fetch('', { cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) });
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    if (!response.ok || !fresh.querySelector('.announced')) {
      throw new Error('this is not the status page');
    }
    lost.hidden = true;
    for (const part of ['title', '.product', '.announced', 'main']) {
      update(document.querySelector(part), fresh.querySelector(part));
    }
  } catch {
    if (lost.hidden) {
      lost.textContent = `No answer from Tidegate since ${new Date().toLocaleTimeString()}. What is shown is old.`;
      lost.hidden = false;
    }
  }
  setTimeout(refresh, PERIOD_MS);
}

setTimeout(refresh, PERIOD_MS);
