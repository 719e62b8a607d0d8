package translate

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// readGo reads what it can of a text in Go: a file, statements, an expression, or
// fields of a literal. The parser goes on after mistakes.
func readGo(text string) source {
	best := source{fields: map[string]value{}}
	for _, wrapped := range []string{
		text,
		"package p\n" + text,
		"package p\nfunc _() {\n" + text + "\n}",
		"package p\nvar _ = " + text,
		"package p\nvar _ = cors.Config{\n" + text + "\n}",
		"package p\nvar _ = cors.Config{\n" + text + ",\n}",
	} {
		file, _ := parser.ParseFile(token.NewFileSet(), "", wrapped, parser.SkipObjectResolution)
		if file == nil {
			continue
		}
		s := readFile(file)
		if len(s.fields) > len(best.fields) || len(s.fields) == len(best.fields) && best.preset == "" && s.preset != "" {
			best = s
		}
	}
	return best
}

func readFile(file *ast.File) source {
	s := source{fields: map[string]value{}, added: map[string][]string{}}
	for _, i := range file.Imports {
		s.imports += i.Path.Value + " "
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			s.readLiteral(n)
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if field, ok := left.(*ast.SelectorExpr); ok && i < len(n.Rhs) && isField(field.Sel.Name) {
					s.fields[field.Sel.Name] = evaluate(n.Rhs[i])
				}
			}
		case *ast.CallExpr:
			s.readCall(n)
		case *ast.SelectorExpr:
			s.readPreset(n.Sel.Name)
		}
		return true
	})
	return s
}

func (s *source) readLiteral(n *ast.CompositeLit) {
	name := nameOf(n.Type)
	if !strings.HasSuffix(name, "Config") && !strings.HasSuffix(name, "Options") {
		return
	}
	s.imports += name + " "
	for _, e := range n.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok && isField(nameOf(kv.Key)) {
			s.fields[nameOf(kv.Key)] = evaluate(kv.Value)
		}
	}
}

// readCall notes functions that give a configuration of their own. The methods of
// gin-contrib's Config add to its lists.
func (s *source) readCall(n *ast.CallExpr) {
	full := nameOf(n.Fun)
	s.imports += full + " "
	name := full[strings.LastIndex(full, ".")+1:]
	if len(n.Args) == 0 {
		switch full {
		case "cors.Default", "cors.AllowAll", "cors.DefaultConfig", "cors.New", "middleware.CORS":
			s.preset = name
		}
	}
	if field, ok := strings.CutPrefix(name, "Add"); ok && (strings.HasPrefix(field, "Allow") || strings.HasPrefix(field, "Expose")) {
		for _, arg := range n.Args {
			if e := evaluate(arg); e.kind == text {
				s.added[field] = append(s.added[field], e.text)
			}
		}
	}
}

func (s *source) readPreset(name string) {
	switch name {
	case "DefaultCORSConfig", "ConfigDefault":
		s.preset = name
		s.imports += map[string]string{"DefaultCORSConfig": "CORSConfig ", "ConfigDefault": "gofiber/fiber "}[name]
	}
}

// isField reports whether a name is that of a field of a middleware in Go.
func isField(name string) bool {
	for _, prefix := range []string{"Allow", "Expose", "MaxAge", "Options", "Debug", "Skipper", "Next", "CustomSchemas", "Unsafe", "DisableValue"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// nameOf returns a name such as "cors.Config".
func nameOf(n ast.Expr) string {
	switch n := n.(type) {
	case *ast.Ident:
		return n.Name
	case *ast.SelectorExpr:
		return nameOf(n.X) + "." + n.Sel.Name
	case *ast.UnaryExpr:
		return nameOf(n.X)
	}
	return ""
}

// evaluate returns the value of a constant expression.
func evaluate(e ast.Expr) value {
	switch e := e.(type) {
	case *ast.BasicLit:
		return literal(e)
	case *ast.Ident:
		if e.Name == "true" || e.Name == "false" {
			return value{kind: boolean, isTrue: e.Name == "true"}
		}
	case *ast.SelectorExpr:
		return constant(e.Sel.Name)
	case *ast.CompositeLit:
		v := value{kind: list, list: []string{}}
		for _, item := range e.Elts {
			s := evaluate(item)
			if s.kind != text {
				return value{}
			}
			v.list = append(v.list, s.text)
		}
		return v
	case *ast.FuncLit:
		return value{kind: function}
	case *ast.ParenExpr:
		return evaluate(e.X)
	case *ast.UnaryExpr:
		if v := evaluate(e.X); e.Op == token.SUB && v.kind == number {
			v.number = -v.number
			return v
		}
	case *ast.BinaryExpr:
		return binary(e)
	case *ast.CallExpr:
		return call(e)
	}
	return value{}
}

func literal(e *ast.BasicLit) value {
	switch e.Kind {
	case token.STRING:
		if s, err := strconv.Unquote(e.Value); err == nil {
			return value{kind: text, text: s}
		}
	case token.INT:
		if n, err := strconv.ParseInt(e.Value, 0, 64); err == nil {
			return value{kind: number, number: n}
		}
	}
	return value{}
}

func binary(e *ast.BinaryExpr) value {
	a, b := evaluate(e.X), evaluate(e.Y)
	switch {
	case a.kind == number && b.kind == number && e.Op == token.MUL:
		return value{kind: number, number: a.number * b.number}
	case a.kind == text && b.kind == text && e.Op == token.ADD:
		return value{kind: text, text: a.text + b.text}
	}
	return value{}
}

// call evaluates conversions such as time.Duration(300), int(…), and strings.Join.
func call(e *ast.CallExpr) value {
	if len(e.Args) == 0 {
		return value{}
	}
	v := evaluate(e.Args[0])
	switch name := nameOf(e.Fun); {
	case name == "strings.Join" && v.kind == list:
		return value{kind: text, text: strings.Join(v.list, ",")}
	case name == "strings.Split" && v.kind == text:
		return value{kind: list, list: strings.Split(v.text, ",")}
	case v.kind == number:
		return v
	}
	return value{}
}

// constant returns a constant of a package: time.Hour, http.MethodGet,
// http.StatusOK, echo.HeaderContentType.
func constant(name string) value {
	units := map[string]time.Duration{"Second": time.Second, "Minute": time.Minute, "Hour": time.Hour, "Millisecond": time.Millisecond}
	switch {
	case units[name] != 0:
		return value{kind: number, number: int64(units[name])}
	case strings.HasPrefix(name, "Method"):
		return value{kind: text, text: strings.ToUpper(strings.TrimPrefix(name, "Method"))}
	case strings.HasPrefix(name, "Header"):
		return value{kind: text, text: headerName(strings.TrimPrefix(name, "Header"))}
	case name == "StatusOK":
		return value{kind: number, number: http.StatusOK}
	case name == "StatusNoContent":
		return value{kind: number, number: http.StatusNoContent}
	case name == strings.ToUpper(name): // echo.GET
		return value{kind: text, text: name}
	}
	return value{}
}

// headerName puts the hyphens into a name such as XRequestedWith, or XCSRFToken.
func headerName(name string) string {
	name = strings.NewReplacer("CSRF", "Csrf", "ID", "Id", "HTTP", "Http", "URL", "Url").Replace(name)
	var b strings.Builder
	for i, c := range name {
		if i > 0 && c >= 'A' && c <= 'Z' {
			b.WriteByte('-')
		}
		b.WriteRune(c)
	}
	return b.String()
}
