// The script of every page: it plays conversations and reports what it sees.

// The number of conversations at the same time. Chromium opens six connections to a
// host, so more conversations would only wait for each other.
const atOnce = 24;

async function converseAll(conversations) {
  const reports = [];
  let next = 0;
  async function work() {
    while (next < conversations.length) {
      const i = next++;
      reports[i] = await converse(conversations[i]);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  return reports;
}

async function converse(steps) {
  const sights = [];
  for (const { url, init, after } of steps) {
    if (after) await new Promise((resolve) => setTimeout(resolve, after));
    sights.push(await see(url, init));
  }
  return sights;
}

async function see(url, init) {
  try {
    const response = await fetch(url, init);
    return {
      status: response.status,
      kind: response.type,
      headers: Array.from(response.headers, ([name, value]) => `${name}: ${value}`),
      body: await response.text(),
    };
  } catch (error) {
    return { error: String(error) };
  }
}

// A frame runs the script for the document around it.
addEventListener("message", async ({ data, source }) => {
  if (source === parent) source.postMessage(await converseAll(data), "*");
});

function converseInFrame(conversations) {
  return new Promise((resolve) => {
    addEventListener("message", ({ data }) => resolve(data));
    frames[0].postMessage(conversations, "*");
  });
}
