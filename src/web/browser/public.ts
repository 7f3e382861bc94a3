import { showIntlTimes } from './intl-times.ts'
import { keepFresh } from './refresh.ts'
import { themeButton } from './theme.ts'

themeButton(() => undefined)
showIntlTimes()
keepFresh(showIntlTimes)
