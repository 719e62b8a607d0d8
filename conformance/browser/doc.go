// Package browser tests two things with a real Chromium: that each adapter of
// polycors allows and refuses what the documentation says, and that package
// corstest behaves as a browser does.
//
// Its tests play scenarios. In a scenario, a page sends requests to servers on
// loopback. Two agents play each scenario: headless Chromium, controlled by the
// DevTools protocol, and a corstest.Page. What the script can see (the status,
// the headers, the reason of a failure) and what the servers receive (each
// preflight, each Origin, each cookie) must be what the scenario expects, and the
// same for both agents. Many scenarios come from tables of spellings and
// combinations: they expect only that the agents agree. OnReject must report what the agent blocks. If Chromium
// differs from the standard, the scenario says so, and both agents must do what
// Chromium does.
//
//	go test ./browser                       # is skipped if there is no Chromium
//	CI=true go test ./browser               # fails if there is no Chromium
//	go test ./browser -run 'Agree/.*null'   # some of the scenarios
//	go test ./browser -run Economy -v       # preflights, compared with other packages
package browser
