package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

// The budgets. Exceptions stand in testdata/size.txt with their reason.
const (
	fileLines     = 400
	testFileLines = 800
	funcLines     = 60
	parameters    = 5
	methods       = 7
)

func TestSize(t *testing.T) {
	excused := exceptions(t, "size.txt")
	for _, s := range sources(t) {
		limit := fileLines
		if s.test {
			limit = testFileLines
		}
		if s.lines > limit && !generated(s) && !excused(s.path) {
			t.Errorf("%s has %d lines, the budget is %d", s.path, s.lines, limit)
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				for _, why := range oversized(s, n) {
					if !excused(s.path + ":" + n.Name.Name) {
						t.Errorf("%s: %s %s", s.fset.Position(n.Pos()), n.Name.Name, why)
					}
				}
			case *ast.TypeSpec:
				if i, ok := n.Type.(*ast.InterfaceType); ok && i.Methods.NumFields() > methods && !excused(s.path+":"+n.Name.Name) {
					t.Errorf("%s: interface %s has %d methods, the budget is %d", s.fset.Position(n.Pos()), n.Name.Name, i.Methods.NumFields(), methods)
				}
			}
			return true
		})
	}
}

func oversized(s source, f *ast.FuncDecl) (why []string) {
	if s.test || f.Body == nil {
		return nil
	}
	if n := s.fset.Position(f.End()).Line - s.fset.Position(f.Pos()).Line + 1; n > funcLines {
		why = append(why, fmt.Sprintf("has %d lines, the budget is %d", n, funcLines))
	}
	if n := f.Type.Params.NumFields(); n > parameters {
		why = append(why, fmt.Sprintf("has %d parameters, the budget is %d", n, parameters))
	}
	return why
}

func generated(s source) bool { return ast.IsGenerated(s.file) }

func TestEveryExportedNameIsDocumented(t *testing.T) {
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, decl := range s.file.Decls {
			for _, name := range undocumented(decl) {
				t.Errorf("%s: %s has no doc comment", s.fset.Position(decl.Pos()), name)
			}
		}
	}
}

func undocumented(decl ast.Decl) (names []string) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && (d.Recv == nil || exportedReceiver(d.Recv)) {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		if d.Tok == token.IMPORT {
			return nil
		}
		for _, spec := range d.Specs {
			switch sp := spec.(type) {
			case *ast.TypeSpec:
				if sp.Name.IsExported() && d.Doc == nil && sp.Doc == nil {
					names = append(names, sp.Name.Name)
				}
			case *ast.ValueSpec:
				for _, n := range sp.Names {
					if n.IsExported() && d.Doc == nil && sp.Doc == nil && sp.Comment == nil {
						names = append(names, n.Name)
					}
				}
			}
		}
	}
	return names
}

// exportedReceiver is true when a caller elsewhere can name the receiver; methods that only implement a well-known
// interface on an unexported type explain themselves.
func exportedReceiver(recv *ast.FieldList) bool {
	expr := recv.List[0].Type
	if star, ok := expr.(*ast.StarExpr); ok {
		expr = star.X
	}
	if idx, ok := expr.(*ast.IndexExpr); ok {
		expr = idx.X
	}
	id, ok := expr.(*ast.Ident)
	return ok && id.IsExported()
}

func TestEveryPackageSaysWhatItDecides(t *testing.T) {
	documented, seen := map[string]bool{}, map[string]bool{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		seen[s.pkg] = true
		if s.file.Doc != nil {
			documented[s.pkg] = true
		}
	}
	for pkg := range seen {
		if !documented[pkg] {
			t.Errorf("%s has no package comment", pkg)
		}
		for _, bad := range []string{"util", "common", "helper", "misc", "shared"} {
			if strings.Contains(pkg, bad) {
				t.Errorf("%s: a package is named for what it decides", pkg)
			}
		}
	}
}
