module repository-store/nexus-stand-in

go 1.26
