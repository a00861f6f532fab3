// The dashboard of the queues is a package's page. This gives its buttons the names that it leaves to pictures.
const NAMES = {
  'lucide-maximize': 'Whole screen',
  'lucide-settings': 'Settings',
  'lucide-circle-user': 'Other pages',
  'lucide-ellipsis-vertical': 'What is shown',
};

function nameOf(button) {
  const picture = button.querySelector('svg');
  const drawn = picture?.getAttribute('class')?.match(/lucide-[\w-]+/u)?.[0];
  if (drawn === undefined) return picture?.getAttribute('role') === 'img' ? 'The server of the queues' : null;
  return NAMES[drawn] ?? drawn.replace('lucide-', '').replaceAll('-', ' ');
}

function nameAll() {
  for (const button of document.querySelectorAll('button:not([aria-label])')) {
    const name =
      button.textContent.trim() === '' || button.querySelector('svg style') ? nameOf(button) : null;
    if (name !== null) button.setAttribute('aria-label', name);
  }
  for (const picture of document.querySelectorAll('button svg[role="img"]')) {
    picture.removeAttribute('role');
    picture.setAttribute('aria-hidden', 'true');
  }
}

new MutationObserver(nameAll).observe(document.documentElement, { childList: true, subtree: true });
nameAll();
