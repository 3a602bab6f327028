"""Made-up imports, for tests of laws about them."""

from grimp import ImportGraph


def graph_of(imports):
    """A made-up code: each module with what it imports."""
    graph = ImportGraph()
    for module, imported in imports.items():
        for name in (module, *imported):
            graph.add_module(name)
        for name in imported:
            graph.add_import(importer=module, imported=name)
    return graph
