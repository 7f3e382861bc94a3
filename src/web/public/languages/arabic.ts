import type { TargetState } from '../../status/status.ts'
import type { Headline, Language } from './language.ts'

const locale = 'ar-u-nu-arab'
const number = new Intl.NumberFormat(locale)
const percent = new Intl.NumberFormat(locale, {
  style: 'percent',
  maximumFractionDigits: 2,
  roundingMode: 'floor',
})

/** Numbers stand behind a colon: a noun after a number has six forms. */
function headline(listed: readonly { readonly state: TargetState }[]): Headline {
  const watched = listed.filter(({ state }) => state !== 'paused')
  const count = (which: TargetState): number => listed.filter(({ state }) => state === which).length
  const of = (which: TargetState): string =>
    `${number.format(count(which))} من ${number.format(watched.length)}`
  if (count('down') > 0) return { state: 'down', sentence: `خدمات متعطّلة: ${of('down')}` }
  if (count('degraded') > 0) return { state: 'degraded', sentence: `خدمات بطيئة: ${of('degraded')}` }
  if (watched.length === 0 && listed.length > 0)
    return { state: 'paused', sentence: 'جميع الخدمات متوقّفة مؤقتًا' }
  if (count('up') === 0) return { state: 'pending', sentence: 'في انتظار نتائج الفحص' }
  return count('up') === watched.length
    ? { state: 'up', sentence: 'جميع الخدمات تعمل' }
    : { state: 'up', sentence: `خدمات تعمل: ${of('up')}` }
}

export const arabic: Language = {
  code: 'ar',
  locale,
  direction: 'rtl',
  status: 'حالة الخدمات',
  skip: 'انتقل إلى المحتوى',
  stale: 'الخادم لا يستجيب: قد تكون هذه الصفحة قديمة.',
  theme: { label: 'الألوان: ', system: 'النظام', light: 'فاتحة', dark: 'داكنة' },
  states: {
    up: 'تعمل',
    degraded: 'بطيئة',
    down: 'متعطّلة',
    pending: 'قيد الانتظار',
    paused: 'متوقّفة مؤقتًا',
  },
  headline,
  days: {
    date: (day) =>
      new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(day),
    share: (ratio) => percent.format(ratio),
    summary: (days, counts) =>
      `الأيام: ${number.format(days)}. ${counts.map(([count, word]) => `${word}: ${number.format(count)}`).join('، ')}`,
    tones: {
      up: 'بلا أعطال',
      most: 'ضمن الهدف',
      degraded: 'دون الهدف',
      down: 'دون الهدف بكثير',
      none: 'لم تُرصد',
    },
  },
  posts: {
    kinds: { incident: 'عطل', maintenance: 'صيانة', announcement: 'إعلان' },
    scheduled: 'مجدول',
    past: 'سابقًا',
    affects: 'يشمل:',
    outages: 'الأعطال في آخر ٣٠ يومًا',
    ongoing: 'مستمر',
    wasDown: (target) => `تعطّلت ${target}`,
    feeds: 'متابعة:',
  },
  subscribe: {
    heading: 'الاشتراك بالبريد الإلكتروني',
    address: 'عنوان البريد الإلكتروني',
    button: 'اشتراك',
    note: 'ستصلك رسالة فيها رابط. لن تصلك أخبار هذه الصفحة إلا بعد التأكيد هناك. وفي كل رسالة رابط لإلغاء الاشتراك.',
    asked: 'راجع بريدك',
    askedNote:
      'إن لم يكن هذا العنوان مشتركًا بالفعل في أخبار هذه الصفحة، فستصله رسالة فيها رابط صالح لمدة ٢٤ ساعة. إن لم تصل، فابحث في مجلد الرسائل غير المرغوب فيها، أو أعد المحاولة بعد عشر دقائق.',
    invalid: 'عنوان البريد الإلكتروني غير صحيح: اكتب عنوانًا مثل anna@example.org من دون اسم.',
    tooMany: 'أُدخلت عناوين كثيرة من شبكتك. أعد المحاولة بعد ساعة.',
    unavailable: 'الاشتراك غير متاح الآن. أعد المحاولة لاحقًا.',
    confirmHeading: 'هل تريد تلقي أخبار هذه الصفحة بالبريد الإلكتروني؟',
    confirmButton: 'نعم، أريد الاشتراك',
    confirmed: 'تم الاشتراك.',
    leaveHeading: 'هل تريد التوقف عن تلقي رسائل هذه الصفحة؟',
    leaveButton: 'نعم، إلغاء الاشتراك',
    left: 'أُلغي الاشتراك وحُذف عنوانك.',
    linkInvalid: 'هذا الرابط غير صالح',
    linkHelp: 'ربما انتهت صلاحيته أو اقتُطع جزء منه. أدخل عنوانك في الصفحة مرة أخرى.',
    back: 'إلى الصفحة',
    linkSubject: (title) => `تأكيد الاشتراك في ${title}`,
    linkText: (title) =>
      `طلب أحدهم، وربما أنت، تلقي أخبار «${title}» على هذا العنوان. للتأكيد افتح هذا الرابط واضغط الزر خلال ٢٤ ساعة:`,
    linkIgnore: 'إن لم تطلب ذلك فلا تفعل شيئًا: سيُحذف عنوانك بعد ٢٤ ساعة.',
    why: (title) => `تصلك هذه الرسالة لأنك مشترك في «${title}».`,
    leave: 'إلغاء الاشتراك:',
    more: (count) => `وأخرى: ${number.format(count)}`,
    down: (target) => `تعطّلت ${target}`,
    up: (target) => `عادت ${target} إلى العمل`,
  },
}
