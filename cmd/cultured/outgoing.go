package main

import (
	"cultured/internal/config"
	"cultured/internal/fetch"
)

// outgoing is what the settings allow to go out.
func outgoing(cfg config.Config) fetch.Settings {
	networks, _ := fetch.ReadNetworks(cfg.OutgoingNetworks) // checked when the settings were read
	return fetch.Settings{Allowed: cfg.Outgoing, Proxy: cfg.OutgoingProxy, Only: fetch.ReadList(cfg.OutgoingHosts),
		Never: fetch.ReadList(cfg.OutgoingRefused), Networks: networks, Time: cfg.OutgoingTime,
		Agent: "Culture-D/" + version + " (+" + cfg.BaseURL + ")"}
}
