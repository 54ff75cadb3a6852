try { document.documentElement.dataset.theme = localStorage.getItem("octavo-theme") ?? ""; } catch { /* no storage, no choice */ }
