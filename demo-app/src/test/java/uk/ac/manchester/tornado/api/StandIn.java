package uk.ac.manchester.tornado.api;

/** Stands in for TornadoVM in the architecture fixtures. */
public class StandIn {}
