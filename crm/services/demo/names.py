"""Names to make up people and places from."""

from __future__ import annotations

_FIRST = """
Ada Adrian Agnes Aisha Alba Alexei Alice Alma Alvaro Amalia Amir Ana Andrei Anika Anton Arda Asha Astrid Aurora Axel
Bart Beatriz Benedikt Bianca Bogdan Bruno Camila Carla Caspar Cecilia Chiara Chidi Clara Colin Cosima Dalia Damian
Daniela Daria Davide Deepa Diego Dilan Dora Edith Edwin Elena Elif Elisa Emeka Emil Erik Esther Eva Fabio Farida
Felix Fiona Flora Frida Gabor Georg Gina Goran Greta Gustav Hamid Hana Hannes Hassan Hedda Hugo Ida Ignacio Ilse
Imran Ingrid Irene Isak Ivana Jana Jasper Joana Johan Jorge Judith Julian Kaito Kamil Karim Katya Keiko Kerstin Kofi
Lars Laura Leila Lennart Linnea Lorenzo Luca Lucie Luisa Magda Malik Manon Marco Mariam Marta Mateo Matilda Mei
Milan Mina Mirko Nadia Naomi Nils Nina Noor Nuno Odile Oskar Paola Patrick Petra Pilar Rafael Rania Ravi Renata Rita
Roman Rosa Ruben Ruth Salma Sandro Sara Selma Sergio Silja Simon Sofia Stella Sven Tadeo Tamar Tara Teodor Tessa
Thea Tiago Tilda Uma Valentin Vera Viktor Viola Wanda Yasmin Zara Zeno
"""
FIRST_NAMES = tuple(_FIRST.split())
_LAST = """
Abara Adler Aguilar Ahlberg Albrecht Almeida Amato Andersen Arslan Ashworth Axelsson Baker Bakker Baptista Barros
Becker Benali Berger Bianchi Bjerke Blom Bonnet Borges Brennan Bruun Caldeira Calloway Campos Cardoso Castellan Chen
Cohen Conti Correia Cruz Dahl Dalton Danso Delgado Demir Desai Dietrich Dimitrov Dubois Duarte Ebert Eklund Engel
Eriksen Esposito Falk Farias Farkas Faure Ferri Fischer Fontaine Forsberg Franco Fuchs Galli Garnier Georgiou Gill
Gomes Graf Greco Gruber Gupta Haas Hagen Halvorsen Hansson Hartwell Hayashi Heikkinen Henriksen Herrera Hofer Holt
Horvat Hughes Iannone Ibarra Iversen Jankowski Jansen Jarvis Jensen Joshi Kaplan Karlsson Kaya Keller Kimura Kowal
Kraus Kristensen Kruger Kumar Kurz Lambert Lang Larsen Leclerc Lehtinen Lima Lindgren Lopes Lorenz Lund Machado
Madsen Maier Mancini Marchetti Marini Marques Martel Mendes Mensah Meyer Michaud Moreau Moretti Mbeki Nair Navarro
Nel Neumann Nguyen Nielsen Nilsen Nkosi Novak Nunes Nyberg Obi Okeke Olsen Onwudi Orlov Ortega Osei Otten Paiva
Papadakis Parisi Park Patel Pereira Petit Petrov Pinto Popescu Prieto Quist Ramos Rao Reis Ribeiro Richter Rinaldi
Roche Romano Rossi Roth Ruiz Sandberg Sato Schmid Schuster Serrano Sharma Silva Soares Solberg Sousa Stein Strand
Suzuki Szabo Tavares Teixeira Thorsen Toth Vance Vargas Vasquez Vidal Vogel Voss Wagner Walsh Weiss Werner Westby
Winkler Wong Yamada Yilmaz Zeller Ziegler Zimmer
"""
LAST_NAMES = tuple(_LAST.split())

#: Places of the medium organisation, with their time zones.
REGIONS = (
    ("North", "Europe/Lisbon"),
    ("Iberia", "Europe/Madrid"),
    ("Nordics", "Europe/Stockholm"),
    ("Benelux", "Europe/Amsterdam"),
    ("Central", "Europe/Warsaw"),
    ("Alps", "Europe/Zurich"),
    ("Islands", "Atlantic/Azores"),
    ("Baltics", "Europe/Riga"),
    ("South", "Europe/Lisbon"),
    ("Americas", "America/Sao_Paulo"),
)
#: Parts of the world of the large one, each with its places.
WORLD = {
    "Europe": (
        ("Lisbon", "Europe/Lisbon"),
        ("Porto", "Europe/Lisbon"),
        ("Madrid", "Europe/Madrid"),
        ("Lyon", "Europe/Paris"),
        ("Ghent", "Europe/Brussels"),
        ("Utrecht", "Europe/Amsterdam"),
        ("Bremen", "Europe/Berlin"),
        ("Leipzig", "Europe/Berlin"),
        ("Graz", "Europe/Vienna"),
        ("Turin", "Europe/Rome"),
        ("Katowice", "Europe/Warsaw"),
        ("Brno", "Europe/Prague"),
        ("Malmö", "Europe/Stockholm"),
        ("Tampere", "Europe/Helsinki"),
        ("Leeds", "Europe/London"),
    ),
    "Americas": (
        ("Recife", "America/Recife"),
        ("Curitiba", "America/Sao_Paulo"),
        ("Rosario", "America/Argentina/Cordoba"),
        ("Santiago", "America/Santiago"),
        ("Medellín", "America/Bogota"),
        ("Arequipa", "America/Lima"),
        ("Puebla", "America/Mexico_City"),
        ("Denver", "America/Denver"),
        ("Columbus", "America/New_York"),
        ("Raleigh", "America/New_York"),
        ("Omaha", "America/Chicago"),
        ("Halifax", "America/Halifax"),
        ("Calgary", "America/Edmonton"),
        ("Quebec", "America/Toronto"),
        ("Panama", "America/Panama"),
    ),
    "Asia Pacific": (
        ("Pune", "Asia/Kolkata"),
        ("Chennai", "Asia/Kolkata"),
        ("Colombo", "Asia/Colombo"),
        ("Penang", "Asia/Kuala_Lumpur"),
        ("Singapore", "Asia/Singapore"),
        ("Cebu", "Asia/Manila"),
        ("Da Nang", "Asia/Ho_Chi_Minh"),
        ("Taichung", "Asia/Taipei"),
        ("Nagoya", "Asia/Tokyo"),
        ("Sendai", "Asia/Tokyo"),
        ("Busan", "Asia/Seoul"),
        ("Perth", "Australia/Perth"),
        ("Adelaide", "Australia/Adelaide"),
        ("Brisbane", "Australia/Brisbane"),
        ("Dunedin", "Pacific/Auckland"),
    ),
}
