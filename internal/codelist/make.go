//go:build ignore

// Make writes the lists of data/ from their sources, which data/SOURCES.md names:
//
//	go run make.go -centres france-communes-2026.topojson.gz
//	go run make.go -communes communes.json -epci epci.json -naf index.json -countries fr.json -iso codes.json -names prenoms.csv.gz
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/french"
)

func main() {
	communes := flag.String("communes", "", "communes.json of @etalab/decoupage-administratif")
	epci := flag.String("epci", "", "epci.json of the same")
	naf := flag.String("naf", "", "index.json of @socialgouv/codes-naf")
	countries := flag.String("countries", "", "langs/fr.json of i18n-iso-countries")
	iso := flag.String("iso", "", "codes.json of the same")
	names := flag.String("names", "", "first names by year: annee;sexe;prenom;nombre, gzip")
	centres := flag.String("centres", "", "communes of France as TopoJSON, gzip; alone, only this list is written")
	flag.Parse()
	if *centres != "" {
		write("centres", centreLines(*centres))
	}
	if *communes == "" {
		return
	}
	write("communes", communeLines(*communes, *epci))
	write("epci", epciLines(*epci))
	write("naf", nafLines(*naf))
	write("countries", countryLines(*countries, *iso))
	write("names", nameLines(*names))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func read(name string, into any) {
	b, err := os.ReadFile(name)
	check(err)
	check(json.Unmarshal(b, into))
}

func write(list string, lines []string) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	check(err)
	_, err = io.WriteString(z, strings.Join(lines, "\n")+"\n")
	check(err)
	check(z.Close())
	check(os.WriteFile("data/"+list+".txt.gz", out.Bytes(), 0o644))
	fmt.Println(list, len(lines), "lines,", out.Len(), "bytes")
}

type commune struct {
	Code, Nom, Type, ChefLieu, Commune string
	AnciensCodes                       []string
}

type epciJSON struct {
	Code, Nom string
	Membres   []struct{ Code string }
}

// communeLines gives "code name epci into": into is empty for what is a commune today.
func communeLines(communes, epci string) []string {
	var all []commune
	read(communes, &all)
	var bodies []epciJSON
	read(epci, &bodies)
	body := map[string]string{}
	for _, b := range bodies {
		for _, m := range b.Membres {
			body[m.Code] = b.Code
		}
	}
	lines := map[string]string{}
	for _, c := range all {
		if c.Type == "commune-actuelle" {
			lines[c.Code] = c.Code + "\t" + c.Nom + "\t" + body[c.Code] + "\t"
		}
	}
	for _, c := range all { // the parts of a commune: their names live on
		if into := cmp.Or(c.ChefLieu, c.Commune); c.Type != "commune-actuelle" && lines[c.Code] == "" {
			lines[c.Code] = c.Code + "\t" + c.Nom + "\t" + body[into] + "\t" + into
		}
	}
	for _, c := range all {
		for _, old := range c.AnciensCodes {
			into := cmp.Or(c.ChefLieu, c.Commune, c.Code)
			if lines[old] == "" && old != into {
				lines[old] = old + "\t\t" + body[into] + "\t" + into
			}
		}
	}
	for _, c := range all { // names that a delegated part has beside the code of its commune
		if c.Type == "commune-deleguee" && c.Code == c.ChefLieu && !strings.HasPrefix(lines[c.Code], c.Code+"\t"+c.Nom+"\t") {
			lines[c.Code+"d"] = c.Code + "\t" + c.Nom + "\t" + body[c.ChefLieu] + "\t" + c.ChefLieu
		}
	}
	return slices.Sorted(maps.Values(lines))
}

func epciLines(name string) (out []string) {
	var bodies []epciJSON
	read(name, &bodies)
	for _, b := range bodies {
		out = append(out, b.Code+"\t"+b.Nom)
	}
	slices.Sort(out)
	return out
}

func nafLines(name string) (out []string) {
	var codes []struct{ ID string }
	read(name, &codes)
	for _, c := range codes {
		if id := strings.ReplaceAll(c.ID, ".", ""); len(id) == 5 {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func countryLines(names, iso string) (out []string) {
	var fr struct{ Countries map[string]any }
	read(names, &fr)
	var codes [][]string
	read(iso, &codes)
	for _, c := range codes {
		line := c[0] + "\t" + c[1]
		switch n := fr.Countries[c[0]].(type) {
		case string:
			line += "\t" + n
		case []any:
			for _, v := range n {
				line += "\t" + v.(string)
			}
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}

// leastBearers is how many people must have had a first name since 1900: rarer ones say little.
const leastBearers = 200

func nameLines(name string) (out []string) {
	f, err := os.Open(name)
	check(err)
	z, err := gzip.NewReader(f)
	check(err)
	counts := map[string]int{}
	for s := bufio.NewScanner(z); s.Scan(); {
		parts := strings.Split(strings.TrimSpace(s.Text()), ";")
		if len(parts) == 4 {
			n, _ := strconv.Atoi(parts[3])
			counts[strings.Join(french.Words(parts[2]), " ")] += n
		}
	}
	for v, n := range counts {
		if n >= leastBearers && len(v) > 1 && v != "prenoms rares" {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return out
}

type topology struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]int
	Objects   struct {
		Communes struct {
			Geometries []struct {
				ID   string
				Arcs [][][]int
			}
		}
	}
}

// centreLines gives "code latitude longitude", to a thousandth of a degree: the centroid of the largest part of each commune.
func centreLines(name string) (out []string) {
	f, err := os.Open(name)
	check(err)
	z, err := gzip.NewReader(f)
	check(err)
	var t topology
	check(json.NewDecoder(z).Decode(&t))
	for _, g := range t.Objects.Communes.Geometries {
		var best, x, y float64
		for _, polygon := range g.Arcs {
			if area, cx, cy := t.centroid(polygon[0]); area > best {
				best, x, y = area, cx, cy
			}
		}
		if best > 0 {
			out = append(out, fmt.Sprintf("%s\t%.3f\t%.3f", g.ID, y*t.Transform.Scale[1]+t.Transform.Translate[1], x*t.Transform.Scale[0]+t.Transform.Translate[0]))
		}
	}
	slices.Sort(out)
	return out
}

// centroid is that of a ring of arcs, in steps of the topology, and its area.
func (t *topology) centroid(arcs []int) (area, x, y float64) {
	var ring [][2]float64
	for _, a := range arcs {
		var px, py int
		var line [][2]float64
		for _, d := range t.Arcs[max(a, ^a)] {
			px, py = px+d[0], py+d[1]
			line = append(line, [2]float64{float64(px), float64(py)})
		}
		if a < 0 {
			slices.Reverse(line)
		}
		ring = append(ring, line...)
	}
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		cross := p[0]*q[1] - q[0]*p[1]
		area, x, y = area+cross/2, x+(p[0]+q[0])*cross/6, y+(p[1]+q[1])*cross/6
	}
	if area == 0 {
		return 0, 0, 0
	}
	return max(area, -area), x / area, y / area
}
