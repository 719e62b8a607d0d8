// The script of a front end. It sends the requests that the playground's page asks
// for, with the origin of this document, and reports what a script sees of them.
"use strict";
{
  const playground = document.currentScript.dataset.playground;

  const read = async ({ api, url, init, reads }) => {
    try {
      const res = await fetch(url, init);
      return {
        api,
        status: res.status,
        headers: [...res.headers].map(([name, value]) => ({ name, value })),
        read: reads ? res.headers.get(reads) : null,
        body: (await res.text()).slice(0, 2000),
      };
    } catch (err) {
      return { api, error: String(err) };
    }
  };

  addEventListener("message", async (event) => {
    if (event.origin !== playground || event.source !== parent) return;
    const { id, calls } = event.data;
    const results = await Promise.all(calls.map(read));
    parent.postMessage({ id, results }, playground);
  });

  parent.postMessage({ ready: true }, playground);
}
