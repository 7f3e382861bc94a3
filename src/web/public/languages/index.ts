import type { PageLanguage } from '../../../config/public-page.ts'
import { arabic } from './arabic.ts'
import { english } from './english.ts'
import type { Language } from './language.ts'

/** Every language of public pages. */
export const languages: Readonly<Record<PageLanguage, Language>> = { en: english, ar: arabic }
