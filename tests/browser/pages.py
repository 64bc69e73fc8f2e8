"""The pages that every check in a browser opens: each template at least once."""

PAGES = [
    *("/", "/initiatives/", "/initiatives/?region=gaspesie", "/initiatives/?q=proxenetsime", "/initiatives/mobilis/"),
    *("/trouver/", "/trouver/?apres=besoin", "/trouver/?apres=ou&ville=Longueil", "/selection/"),
    *("/selection/?f=54&f=141&f=9&f=1&f=2", "/selection/?f=54&f=141", "/initiatives/?sexe=feminin&age=14"),
    *("/besoins/", "/initiatives/?besoin=dormir&besoin=parent", "/trouver/?besoin=dormir"),
    *("/regions/", "/regions/gaspesie/", "/organismes/", "/organismes/pipq/", "/aide/", "/aide/navigation-discrete/"),
    *("/portrait/", "/portrait/?recension=1", "/portrait/regions/", "/portrait/regions/?region=laval&region=estrie"),
    *("/strategies/", "/hsds/profil/"),
    *("/proposer/", "/proposer/merci/", "/initiatives/mobilis/signaler/", "/accessibilite/signaler/"),
    *("/a-propos/", "/confidentialite/", "/accessibilite/", "/glossaire/", "/sources-et-methode/", "/donnees/"),
    "/integrer/?region=laval",
    *("/ressources/", "/ressources/?pour=proches", "/ressources/?q=traite"),
    *("/porteurs/?region=laval&nom=jeun", "/nulle-part/", "/initiatives/?foo=1"),
]
