// Package gridfile reads the tables of grids, which are files of the dataset room, with the engine. It decides how what was changed in a grid
// reaches the engine, and keeps nothing but what it last gave it.
package gridfile
