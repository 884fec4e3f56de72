// A table that is wider than the page is scrolled by keyboard too.
document$.subscribe(() => {
  const mark = () => {
    for (const one of document.querySelectorAll('.md-typeset__scrollwrap'))
      if (one.scrollWidth > one.clientWidth) one.tabIndex = 0
      else one.removeAttribute('tabindex')
  }
  setTimeout(mark)
  addEventListener('resize', mark)
})
