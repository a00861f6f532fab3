// What a page does beyond plain HTML. Every page works without this file; it makes none of its own and stores nothing.

/** After so long without an answer, what stands on the page is said to be old. */
const PATIENCE_MS = 5_000;

/**
 * A form that asks by GET answers while it is being filled in: the page that it would lead to is fetched, and the part
 * that `data-live` names takes the place of the one here. The address in the bar follows, so it can be kept and sent.
 * It asks at the first key; what is typed while an answer is on its way is asked for once, when that is here. Its
 * button leads to the page as without this script, so that it helps where an answer did not come.
 */
function makeLive(form) {
  let isAsking = false;
  let isOld = false;
  const ask = async () => {
    if (isAsking) {
      isOld = true;
      return;
    }
    isAsking = true;
    isOld = false;
    const url = new URL(form.action);
    for (const [name, value] of new FormData(form)) if (value !== '') url.searchParams.append(name, value);
    const part = document.querySelector(form.dataset.live);
    part.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const found = page.querySelector(form.dataset.live);
      if (found === null) throw new Error('an answer of another form');
      exchange(part, found);
      document.title = page.title;
      history.replaceState(null, '', url);
    } catch {
      part.removeAttribute('aria-busy');
      sayOld(part, form);
    }
    isAsking = false;
    if (isOld) void ask();
  };
  form.addEventListener('input', ask);
}

/** A table of another question must not be taken for the answer. */
function sayOld(part, form) {
  const button = form.querySelector('button[type=submit]').textContent;
  const words = document.createElement('p');
  words.className = 'notice bad';
  words.setAttribute('role', 'alert');
  words.textContent = `There was no answer to what you entered. Press “${button}” to ask again.`;
  part.replaceChildren(words);
}

/** What is said to screen readers (role=status) is heard only where its element stays, so that one gets the new words. */
function exchange(part, found) {
  // What a reader opened or typed in it stays.
  const [before, after] = [part, found].map((of) => [...of.querySelectorAll('details')]);
  for (const [at, one] of after.entries()) if (before[at]) one.open = before[at].open;
  for (const field of part.querySelectorAll('input[id]')) {
    const next = found.querySelector(`#${CSS.escape(field.id)}`);
    if (next !== null) next.value = field.value;
  }
  const said = part.querySelector(':scope > [role=status]');
  const says = found.querySelector(':scope > [role=status]');
  if (said === null || says === null) {
    part.replaceWith(found);
    return;
  }
  for (const child of [...part.childNodes]) if (child !== said) child.remove();
  let isBehind = false;
  for (const child of [...found.childNodes]) {
    if (child === says) {
      said.replaceChildren(...says.childNodes);
      isBehind = true;
    } else if (isBehind) part.append(child);
    else said.before(child);
  }
  part.removeAttribute('aria-busy');
}

/** A form with a file shows how much of it is sent. What comes back is the page that the form leads to. */
function showProgress(form) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const bar = form.querySelector('progress');
    const said = form.querySelector('[role=status]');
    const button = form.querySelector('button');
    const request = new XMLHttpRequest();
    bar.hidden = false;
    button.disabled = true;
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      bar.max = total;
      bar.value = loaded;
      said.textContent =
        loaded < total ? `${Math.floor((100 * loaded) / total)} % sent` : 'Sent. Reading and comparing…';
    });
    request.addEventListener('load', () => {
      const page = new DOMParser().parseFromString(request.responseText, 'text/html');
      document.title = page.title;
      document.querySelector('main').replaceWith(page.querySelector('main'));
      start();
      document.querySelector('main').focus();
    });
    request.addEventListener('error', () => {
      bar.hidden = true;
      button.disabled = false;
      said.textContent = 'The connection broke before all was sent. Nothing was taken; try again.';
    });
    request.open('POST', form.action);
    request.send(new FormData(form));
  });
}

function start() {
  for (const form of document.querySelectorAll('form[data-live]')) makeLive(form);
  for (const form of document.querySelectorAll('form[data-progress]')) showProgress(form);
}

start();
