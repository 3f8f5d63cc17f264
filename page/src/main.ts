import { loadWords, tag } from './say.ts';
import './shell.ts';

await loadWords(navigator.languages);
document.documentElement.lang = tag();
document.querySelector('m2m-page')?.toggleAttribute('ready', true);
