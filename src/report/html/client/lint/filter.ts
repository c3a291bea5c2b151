import { counted } from '../../../units.ts';
import { part } from '../dom.ts';

const TYPING_PAUSE = 90;

interface FindingPart {
  readonly element: HTMLElement;
  readonly severity: string;
  readonly rule: string;
  /** In lower case, with the file's path; read when somebody searches. */
  text?: string;
}

interface FilePart {
  readonly element: HTMLElement;
  readonly path: string;
  readonly findings: readonly FindingPart[];
}

/** Findings by severity, rule and words: what does not match is hidden, and so are files without anything left. */
export function startFilter(): void {
  const files = readFiles();
  const words = part<HTMLInputElement>('words');
  const rule = part<HTMLSelectElement>('rule');
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('#filter [data-severity]')];
  const all = files.reduce((sum, { findings }) => sum + findings.length, 0);
  const counts = () => {
    const off = new Set(buttons.filter(isOff).map(({ dataset }) => dataset.severity));
    const searched = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const isShown = (finding: FindingPart, path: string) =>
      !off.has(finding.severity) &&
      (rule.value === '' || finding.rule === rule.value) &&
      searched.every((word) => textOf(finding, path).includes(word));
    const { shown, inFiles } = show(files, isShown);
    const found = shown === all ? counted(all, 'finding') : `${shown} of ${counted(all, 'finding')}`;
    part('sum').textContent = `${found} in ${counted(inFiles, 'file')}`;
    part('nothing').hidden = shown > 0;
  };
  let pause = 0;
  words.addEventListener('input', () => {
    clearTimeout(pause);
    pause = window.setTimeout(counts, TYPING_PAUSE);
  });
  rule.addEventListener('change', counts);
  for (const button of buttons) {
    button.addEventListener('click', () => {
      button.setAttribute('aria-pressed', String(isOff(button)));
      counts();
    });
  }
  counts();
}

function isOff(button: HTMLButtonElement): boolean {
  return button.getAttribute('aria-pressed') === 'false';
}

function readFiles(): FilePart[] {
  return [...document.querySelectorAll<HTMLElement>('.file')].map((element) => ({
    element,
    path: (element.querySelector('h2')?.textContent ?? '').toLowerCase(),
    findings: [...element.querySelectorAll<HTMLElement>('.finding')].map((finding) => ({
      element: finding,
      severity: finding.dataset.severity ?? '',
      rule: finding.dataset.rule ?? '',
    })),
  }));
}

function textOf(finding: FindingPart, path: string): string {
  finding.text ??= `${path}\n${finding.element.textContent.toLowerCase()}`;
  return finding.text;
}

function show(files: readonly FilePart[], isShown: (finding: FindingPart, path: string) => boolean) {
  let shown = 0;
  let inFiles = 0;
  for (const { element, path, findings } of files) {
    let here = 0;
    for (const finding of findings) {
      const isHere = isShown(finding, path);
      if (isHere) here++;
      // Only what changes is touched: each change costs the browser a look at its layout.
      if (finding.element.hidden === isHere) finding.element.hidden = !isHere;
    }
    if (element.hidden !== (here === 0)) element.hidden = here === 0;
    shown += here;
    if (here > 0) inFiles++;
  }
  return { shown, inFiles };
}
