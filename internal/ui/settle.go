package ui

import (
	"bytes"
	"fmt"
	"html/template"
	"text/template/parse"

	"cultured/internal/i18n"
)

// settle writes down, in the trees of a set, what is the same in every answer of a language: {{t "key"}} and {{icon "name"}} with
// nothing else become their text. Half of a page's calls are such. Both stand in text or in quoted attributes only, never in an address
// or a script. Faults: an unknown icon.
func settle(p *i18n.Printer, set *template.Template) error {
	for _, t := range set.Templates() {
		if t.Tree == nil {
			continue
		}
		if err := settleList(p, t.Tree.Root); err != nil {
			return fmt.Errorf("%s: %w", t.Name(), err)
		}
	}
	return nil
}

func settleList(p *i18n.Printer, list *parse.ListNode) error {
	if list == nil {
		return nil
	}
	kept := list.Nodes[:0]
	for _, n := range list.Nodes {
		n, err := settled(p, n)
		if err != nil {
			return err
		}
		if text, ok := n.(*parse.TextNode); ok && len(kept) > 0 {
			if before, ok := kept[len(kept)-1].(*parse.TextNode); ok {
				before.Text = bytes.Join([][]byte{before.Text, text.Text}, nil)
				continue
			}
		}
		kept = append(kept, n)
	}
	clear(list.Nodes[len(kept):])
	list.Nodes = kept
	return nil
}

// settled is the node, or the text that stands for it.
func settled(p *i18n.Printer, n parse.Node) (parse.Node, error) {
	var b *parse.BranchNode
	switch n := n.(type) {
	case *parse.ActionNode:
		text, err := constant(p, n.Pipe)
		if text == nil || err != nil {
			return n, err
		}
		return &parse.TextNode{NodeType: parse.NodeText, Pos: n.Pos, Text: text}, nil
	case *parse.IfNode:
		b = &n.BranchNode
	case *parse.RangeNode:
		b = &n.BranchNode
	case *parse.WithNode:
		b = &n.BranchNode
	default:
		return n, nil
	}
	if err := settleList(p, b.List); err != nil {
		return n, err
	}
	return n, settleList(p, b.ElseList)
}

// constant is the text of t or icon called with one literal; nil for anything else.
func constant(p *i18n.Printer, pipe *parse.PipeNode) ([]byte, error) {
	if len(pipe.Decl) > 0 || len(pipe.Cmds) != 1 || len(pipe.Cmds[0].Args) != 2 {
		return nil, nil
	}
	function, called := pipe.Cmds[0].Args[0].(*parse.IdentifierNode)
	literal, plain := pipe.Cmds[0].Args[1].(*parse.StringNode)
	if !called || !plain {
		return nil, nil
	}
	switch function.Ident {
	case "t":
		return []byte(template.HTMLEscapeString(p.T(literal.Text))), nil
	case "icon":
		svg, err := Icon(literal.Text)
		return []byte(svg), err
	}
	return nil, nil
}
