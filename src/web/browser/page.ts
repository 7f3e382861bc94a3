import { keepAges } from './ages.ts'
import { liveChart } from './chart.ts'
import { liveFilter } from './filter.ts'
import { showLocalTimes } from './local-times.ts'
import { keepFresh } from './refresh.ts'
import { themeButton } from './theme.ts'

const filter = liveFilter()
const chart = liveChart()
chart.redraw()
themeButton(() => {
  chart.redraw(true)
})
keepAges()
showLocalTimes()
keepFresh(() => {
  filter?.apply()
  showLocalTimes()
  chart.redraw()
})
