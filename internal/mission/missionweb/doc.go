// Package missionweb is the missions' pages: the list to choose from, and the bench where one works: story, data, answer, feedback.
package missionweb
