// Package geo holds what the other packages must know of maps: geometries, their binary form in GeoPackage files (WKB) and
// their text form (GeoJSON), and the projections French data comes in, turned into degrees, WGS 84.
//
// It turns coordinates one way only, towards degrees, for that is the one form GeoJSON (RFC 7946) knows. RGF93, ETRS89 and
// the legal systems of the overseas territories are taken for WGS 84: they differ by less than a metre.
package geo
