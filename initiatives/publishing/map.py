"""The schematic map: a shape a region, arranged as the regions lie. A drawing of ours, no survey's."""

WIDTH, HEIGHT = 420, 407

# Region → (corners of its shape, where its words stand, its name on as many lines as it takes).
SHAPES = {
    "bas-saint-laurent": ("336,115 420,115 420,185 336,185", (378, 150), ("Bas-Saint-", "Laurent")),
    "saguenay-lac-saint-jean": ("168,115 249,115 249,185 168,185", (208, 150), ("Saguenay-", "Lac-Saint-", "Jean")),
    "capitale-nationale": ("252,115 333,115 333,185 252,185", (292, 150), ("Capitale-", "Nationale")),
    "mauricie-centre-du-quebec": (
        "84,115 165,115 165,188 249,188 249,258 84,258",
        (142, 223),
        ("Mauricie-", "Centre-du-Québec"),
    ),
    "estrie": ("252,261 420,261 420,331 252,331", (336, 296), ("Estrie",)),
    "montreal": ("84,334 165,334 165,404 84,404", (124, 369), ("Montréal",)),
    "outaouais": ("0,188 81,188 81,258 0,258", (40, 223), ("Outaouais",)),
    "abitibi-temiscamingue": ("0,115 81,115 81,185 0,185", (40, 150), ("Abitibi-", "Témis-", "camingue")),
    "cote-nord": ("210,0 420,0 420,54 336,54 336,112 210,112", (282, 56), ("Côte-Nord",)),
    "nord-du-quebec": ("0,0 207,0 207,112 0,112", (103, 56), ("Nord-du-Québec",)),
    "gaspesie": ("339,57 420,57 420,112 339,112", (379, 84), ("Gaspésie",)),
    "chaudiere-appalaches": ("252,188 420,188 420,258 252,258", (336, 223), ("Chaudière-", "Appalaches")),
    "laval": ("0,334 81,334 81,404 0,404", (40, 369), ("Laval",)),
    "lanaudiere": ("84,261 165,261 165,331 84,331", (124, 296), ("Lanaudière",)),
    "laurentides": ("0,261 81,261 81,331 0,331", (40, 296), ("Laurentides",)),
    "monteregie": ("168,261 249,261 249,404 168,404", (208, 332), ("Montérégie",)),
}


def shade(number: int) -> int:
    """How dark a region is drawn, from 0 (no fiche) to 4; the number is written on it too."""
    return sum(number >= step for step in (1, 5, 10, 20))
