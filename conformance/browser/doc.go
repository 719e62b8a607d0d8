// Package browser proves two things against a real Chromium: that polycors gets
// through, or is refused, exactly where its documentation says, with each of
// its adapters; and that package corstest tells the truth about browsers.
//
// Its tests hold one table of scenarios. Each is a conversation between a page
// and some servers on loopback, held twice: by headless Chromium, driven over
// the DevTools protocol, and by a corstest.Page. What the script could see (the
// status, the headers, the reason why it was blocked) and what went over the
// wire (every preflight, every Origin, every cookie) must be as the scenario
// expects, and the same for both. What a policy told OnReject must be what the
// browser refused. Where Chromium departs from the standard, the scenario that
// shows it says so, and both agents are held to what Chromium does.
//
//	go test ./browser                       # skips if there is no Chromium
//	CI=true go test ./browser               # fails if there is none
//	go test ./browser -run 'Agree/.*null'   # some of the scenarios
//	go test ./browser -run Economy -v       # preflights, beside other packages
package browser
