/** What every mail says at its end. */
export const CAUTION =
  'Entity List Watch reads the Federal Register. It is an unofficial source and no legal advice; the printed edition is the law.';

/**
 * The beginning of the HTML of every mail, up to and with the body's tag. Clients that know no media queries show the
 * light colours of the elements.
 *
 * @param title the expression of a template for the title, as `it.subject`
 */
export const openMail = (title: string): string => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title><%= ${title} %></title>
<style>
:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  body, .page { background: #15181d !important; color: #e8eaed !important; }
  .m { color: #a4adba !important; }
  a { color: #8ab4f8 !important; }
}
</style>
</head>
<body style="margin:0;padding:0;background:#ffffff;color:#1b1f24">
`;

/** The page of a mail that has no tables of its own: from its opening to its end, around what the template says. */
export const OPEN_PAGE = `<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="max-width:680px;border-collapse:collapse;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5"><tr><td style="padding:24px 20px;text-align:left;word-break:break-word">
`;
export const CLOSE_PAGE = `</td></tr></table>
</body>
</html>
`;
