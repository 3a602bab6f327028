// Streamlit adds an entry to the browser's history whenever a page writes its address, so that Back would
// take two presses a page. A change of the address within a page replaces the entry instead.
if (!window.tauscopeReplaces) {
  window.tauscopeReplaces = true;
  const push = history.pushState.bind(history);
  history.pushState = (state, unused, url) => {
    const isSamePage = url != null && new URL(url, location.href).pathname === location.pathname;
    return isSamePage ? history.replaceState(state, unused, url) : push(state, unused, url);
  };
}
