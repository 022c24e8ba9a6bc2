"""The lake and what is built from it: contracts, Delta tables, snapshots, identity, publishing."""
