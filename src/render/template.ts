import { Eta } from 'eta';
import { escapeHtml } from './clean.ts';

/**
 * Every `<%= %>` is cleaned and escaped here, so a template cannot forget it. Templates are our own source;
 * data never becomes a template, so `<%= %>` inside a name is only text.
 */
const ETA = new Eta({
  autoEscape: true,
  escapeFunction: (value) => escapeHtml(String(value ?? '')),
  autoTrim: [false, 'nl'],
});

/** Compiles a template once and types what it is given. */
export function template<View extends object>(source: string): (view: View) => string {
  const compiled = ETA.compile(source);
  return (view) => compiled.call(ETA, view);
}
