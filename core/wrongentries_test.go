package cors_test

import (
	"strconv"
	"strings"
	"testing"
)

// wrongEntries are entries of AllowOrigins as people write them, one per line.
// Invisible characters are written as Go escapes.
const wrongEntries = `
# blank variables, and values of other settings

 \t
""
''
all
any
true
yes
.*
none
false
[]
undefined
nil
<nil>
<no value>
[object Object]
self
'self'
same-origin

# variables that were not replaced
${ORIGIN}
$ORIGIN
$(ORIGIN)
%ORIGIN%
{{ .Values.origin }}
{{origin}}
<%= ENV['ORIGIN'] %>
#{origin}#
__ORIGIN__
process.env.ORIGIN
https://${DOMAIN}
https://$DOMAIN:3000
https://${TENANT}.myapp.com
https://<your-domain>
<your-origin>
https://{tenant}.myapp.com
https://:tenant.myapp.com
https://{domain}

# arrays and strings of JSON, shells and Go
["https://a.example"
"https://b.example"]
["https://a.example"]
["https://a.example","https://b.example"]
['https://a.example'
[https://a.example]
[https://a.example https://b.example]
"https://a.example","https://b.example"
"https://a.example",
{"https://a.example"}
"https://myapp.com"
'https://myapp.com'
\u201chttps://myapp.com\u201d
<https://myapp.com>
(https://myapp.com)
[https://myapp.com](https://myapp.com)
\\"https://myapp.com\\"
https:\\/\\/myapp.com
https:\\\\myapp.com
https://myapp.com\\n
https://myapp.com\\
https%3A%2F%2Fmyapp.com
ALLOW_ORIGINS=https://myapp.com
export ORIGIN="https://myapp.com"
Origin: https://myapp.com
Access-Control-Allow-Origin: https://myapp.com
- https://myapp.com
https://myapp.com # production
https://myapp.com // production
https://myapp.com,
,https://myapp.com
https://myapp.com;

# several in one string
https://a.example,https://b.example
https://a.example, https://b.example/
https://a.example https://b.example
https://a.example;https://b.example
https://a.example|https://b.example
https://a.example and https://b.example
https://a.example\nhttps://b.example
https://a.examplehttps://b.example
a.example,b.example
http://localhost:3000,3001
https://{a,b}.myapp.com
http://localhost:{3000,3001}
http://localhost:3000, *

# blanks and characters that cannot be seen
 https://myapp.com
https://myapp.com\r
\ufeffhttps://myapp.com
https://myapp.com\u200b
https:// myapp.com
http://localhost: 3000
https://my app.com

# schemes
myapp.com
www.myapp.com
myapp.com:8443
.myapp.com
https://.myapp.com
//myapp.com
https:myapp.com
https:/myapp.com
https//myapp.com
https;//myapp.com
https:///myapp.com
://myapp.com
http:localhost:3000
localhost
localhost:3000
localhost:*
127.0.0.1:3000
192.168.1.5:3000
0.0.0.0:3000
nas.local:8080
myapp
htps://myapp.com
htttps://myapp.com
htpps://myapp.com
httpss://myapp.com
hhtp://localhost:3000
HTTPS://myapp.com
https://https://myapp.com
http://https://myapp.com
*://myapp.com
http*://myapp.com
http(s)://myapp.com
https?://myapp.com
ws://localhost:3000
wss://myapp.com
wss://*.myapp.com
ftp://myapp.com
blob:https://myapp.com/0a0a
about:blank
data:text/html,a
user@myapp.com
1a://myapp.com

# application shells
file://
file:///
file://*
file:///android_asset/www/index.html
file:
FILE://
NULL
'null'
tauri://
tauri:localhost
Tauri://localhost
tauri://localhost/
capacitor://
ionic:localhost
chrome-extension://
chrome-extension://*/
chrome-extension://*/*
chrome-extension:abcdefghijklmnop
chrome-extension://abc*
moz-extension://*:*
vscode-webview://*/index.html
http://tauri.localhost/

# paths and the like
https://myapp.com/
https://myapp.com//
https://myapp.com/*
https://*.myapp.com/*
https://myapp.com/app
https://myapp.com/#/
https://myapp.com/login?next=/
https://myapp.com?x=1
https://myapp.com#x
/
/api
/*
https://user:secret@myapp.com

# ports
https://myapp.com:443
https://myapp.com:443/
http://myapp.com:80
http://localhost:
http://localhost:PORT
http://localhost:3000-3010
http://localhost:30*
http://localhost:**
http://localhost*
http://localhost:0
https://myapp.com:
https://myapp.com:65536
https://myapp.com:http
https://myapp.com:08443
https://myapp.com:8443:8443
:3000
3000

# hosts
https://MyApp.com
https://myapp..com
https://my%20app.com
https://my!app.com
https://b\u00fccher.example
https://*.b\u00fccher.example
https://\uff4d\uff59\uff41\uff50\uff50.com
https://myapp\u3002com
https://xn--f
https://*.xn--f.example

# addresses
http://127.1:3000
http://0x7f.1
http://[0:0:0:0:0:0:0:1]:3000
http://::1:3000
::1
[::1]:3000
[::1]
http://[::1
http://[fe80::1%eth0]:3000
http://256.1.1.1
http://1.2.3.4.5

# asterisks
https://*
http://*
http://*:3000
*:3000
https://*:*
*://*
**
*.*
http*
*.myapp.com
https://*.*.myapp.com
https://**.myapp.com
https://*myapp.com
*myapp.com
*myapp.com*
https://myapp.com*
https://myapp.*
https://www.*.com
https://*.myapp.*
https://app.*.test
https://www.*.myapp.com
https://a*b*c.myapp.com
https://*-*.myapp.dev
https://*.pr-*.myapp.dev
https://pr-*
https://pr-*.com
https://a?.example.com
https://?.myapp.com
https://*localhost
http://*localhost:3000
http://192.168.1.*:3000
http://192.168.*.*
http://10.0.0.*:*
https://*.127.0.0.1

# regular expressions
^https://.*\\.myapp\\.com$
https://.*\\.myapp\\.com
https://.*.myapp.com
https://.*myapp\\.com
.*\\.myapp\\.com
/\\.myapp\\.com$/
/^https:\\/\\/.*\\.myapp\\.com$/
/^http:\\/\\/localhost:\\d+$/
^https?://localhost(:\\d+)?$
https://(app|admin)\\.myapp\\.com
https://(a|b).com
https://(.*\\.)?myapp\\.com
https://[a-z0-9-]+\\.myapp\\.com
https://[^.]+\\.myapp\\.com
~^https://.*\\.myapp\\.com$
regex:https://pr-\\d+\\.myapp\\.dev
^https://myapp.com$
(.*)

# valid, but not safe with credentials
*
null
http://myapp.com
http://*.myapp.com
http://192.168.1.5:3000
http://10.0.2.2:8080
http://nas.local
http://frontend:3000
http://host.docker.internal:3000
http://0.0.0.0:*
http://[::]:3000
moz-extension://*
https://*.github.io
https://*.com
https://pr-*.vercel.app
https://*--app.netlify.app
https://*.railway.app
http://*.co.uk
`

// entriesFrom returns the lines of a text that are not comments.
func entriesFrom(t *testing.T, text string) (list []string) {
	t.Helper()
	for line := range strings.SplitSeq(strings.TrimPrefix(text, "\n"), "\n") {
		if strings.HasPrefix(line, "# ") {
			list = append(list, line)
			continue
		}
		entry, err := strconv.Unquote(`"` + strings.ReplaceAll(line, `"`, `\"`) + `"`)
		if strings.Contains(line, `\\"`) {
			entry, err = strings.ReplaceAll(line, `\\"`, `\"`), nil
		}
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		list = append(list, entry)
	}
	return list
}
