"""The schematic map: a shape a region, arranged as the regions lie. A drawing of ours, no survey's."""

WIDTH, HEIGHT = 420, 315

# Region → (corners of its shape, where its words stand, its name on as many lines as it takes).
SHAPES = {
    "bas-saint-laurent": ("313,148 365,148 365,204 313,204", (339, 176), ("Bas-Saint-", "Laurent")),
    "saguenay-lac-saint-jean": ("168,89 280,89 280,135 168,135", (224, 112), ("Saguenay-", "Lac-Saint-Jean")),
    "capitale-nationale": ("253,138 310,138 310,192 253,192", (281, 165), ("Capitale-", "Nationale")),
    "mauricie-centre-du-quebec": (
        "87,89 165,89 165,138 250,138 250,260 200,260 200,150 87,150",
        (126, 119),
        ("Mauricie-", "Centre-du-Qc"),
    ),
    "estrie": ("228,263 320,263 320,315 228,315", (274, 289), ("Estrie",)),
    "montreal": ("137,208 197,208 197,260 137,260", (167, 234), ("Montréal",)),
    "outaouais": ("0,153 64,153 64,205 0,205", (32, 179), ("Outaouais",)),
    "abitibi-temiscamingue": ("0,89 84,89 84,150 0,150", (42, 119), ("Abitibi-", "Témiscamingue")),
    "cote-nord": ("253,0 420,0 420,128 283,128 283,86 253,86", (342, 62), ("Côte-Nord",)),
    "nord-du-quebec": ("0,0 250,0 250,86 0,86", (125, 42), ("Nord-du-Québec",)),
    "gaspesie": ("368,140 420,140 420,196 368,196", (394, 168), ("Gaspésie",)),
    "chaudiere-appalaches": ("253,207 340,207 340,260 253,260", (296, 233), ("Chaudière-", "Appalaches")),
    "laval": ("80,208 134,208 134,260 80,260", (107, 234), ("Laval",)),
    "lanaudiere": ("135,153 197,153 197,205 135,205", (166, 179), ("Lanaudière",)),
    "laurentides": ("67,153 132,153 132,205 67,205", (99, 179), ("Laurentides",)),
    "monteregie": ("80,263 225,263 225,315 80,315", (152, 289), ("Montérégie",)),
}


def shade(number: int) -> int:
    """How dark a region is drawn, from 0 (no fiche) to 4; the number is written on it too."""
    return sum(number >= step for step in (1, 5, 10, 20))
