// In small letters, as beside the other words.

extension CommonPasswords {
    /// Sport, music, films, games, cars.
    static let pastimes = """
        football footballs soccer soccerball baseball basketball softball volleyball hockey icehockey tennis golf
        golfer golfing cricket rugby boxing wrestling wrestler karate judo kungfu taekwondo swimming swimmer swim
        running runner cycling biker bicycle skateboard skater skate skiing snowboard snowboarding surfing surfer
        surf bowling hunting poker billiards dart chess gymnast gymnastics cheer cheerleader dancing dancer dance
        ballet yankees redsox cubs dodgers giants mets braves cardinals phillies astros athletics mariners padres
        royals twins whitesox bluejays orioles nationals marlins cowboys steelers patriots packers broncos raiders
        chargers chiefs colts saints vikings redskins jets bills browns bengals titans texans jaguars seahawks
        niners rams buccaneers lakers celtics heat knicks spurs mavericks pistons pacers cavaliers kobe kobebryant
        lebron lebronjames jordan michaeljordan shaq iverson curry redwings flyers bruins blackhawks canucks
        canadiens mapleleafs oilers avalanche arsenal chelsea liverpool manutd manchester manchesterunited mancity
        everton tottenham newcastle westham astonvilla leeds leedsunited rangersfc celtic celticfc barcelona barca
        realmadrid madrid atletico juventus acmilan milan inter intermilan roma napoli lazio bayern bayernmunich
        dortmund borussia schalke feyenoord benfica porto sporting galatasaray fenerbahce besiktas flamengo
        corinthians palmeiras santos boca bocajuniors riverplate america chivas pumas ronaldo ronaldinho cristiano
        cristianoronaldo messi leomessi neymar beckham zidane rooney gerrard lampard drogba henry maradona nascar
        dale earnhardt jeffgordon schumacher ferrari lamborghini porsche maserati bugatti mercedes mercedesbenz bmw
        audi volkswagen golfgti toyota honda accord nissan mazda subaru impreza mitsubishi lancer hyundai kia
        chevrolet chevy corvette camaro impala silverado ford fordtruck mustanggt explorer dodge charger challenger
        chrysler wrangler cherokee cadillac lincoln buick pontiac firebird transam peugeot renault citroen fiat
        alfaromeo bentley rollsroyce landrover rangerover minicooper harley harleydavidson davidson yamaha suzuki
        kawasaki ducati vespa trucker trucks truck racecar racing racer driver drifter speed tractor johndeere
        caterpillar peterbilt airplane airbus boeing helicopter titanic guitar guitars drums drummer piano violin
        trumpet saxophone music musica musical musician singer singing song songs melody harmony rhythm rockandroll
        rock rocker rocknroll rockon heavymetal metal metalhead punk punkrock punker hiphop rap rapper reggae blues
        techno trance disco metallica megadeth slayer slipknot korn linkinpark linkin nirvana pearljam soundgarden
        ledzeppelin zeppelin pinkfloyd beatles thebeatles rollingstones elvis elvispresley presley johnny hendrix
        jimihendrix bobmarley marley michaeljackson jackson madonna britney britneyspears shakira rihanna beyonce
        ladygaga katyperry taylorswift swiftie justinbieber bieber onedirection directioner jonas jonasbrothers
        nickjonas selena selenagomez mileycyrus hannahmontana eminem slimshady tupac tupacshakur 2pac biggie
        snoopdogg snoopdog 50cent jayz kanye lilwayne weezy drake usher chrisbrown blink evanescence paramore
        coldplay oasis radiohead muse gunsnroses bonjovi aerosmith ironmaiden blacksabbath ramstein rammstein
        depechemode thecure thedoors bts blackpink exo bigbang starwars darthvader vader lukeskywalker yoda jedi
        jedimaster obiwan hansolo chewbacca chewie stormtrooper sith bobafett startrek trekkie spock picard ncc1701
        ncc1701d ncc1701e klingon stargate babylon battlestar galactica xfiles mulder scully lordoftherings lotr
        frodo bilbo baggins legolas aragorn gollum sauron hobbit mordor mellon harrypotter harry hermione ronweasley
        hogwarts dumbledore gryffindor slytherin voldemort quidditch expelliarmus twilight edwardcullen bella
        hungergames katniss narnia aslan rambo rocky rockybalboa scarface tonymontana godfather goodfellas
        pulpfiction jamesbond doubleoseven goldeneye indianajones jurassic jurassicpark gladiator braveheart avatar
        inception frozen elsa simba nemo findingnemo shrek donkey woody buzzlightyear toystory simpsons homer
        homersimpson bart bartsimpson lisasimpson familyguy stewie southpark cartman kenny futurama bender spongebob
        patrickstar squidward scooby scoobydoo garfield snoopy charliebrown bugsbunny daffyduck tweety tweetybird
        sylvester taz tazmania tasmanian pikachu pokemon charizard charmander bulbasaur squirtle ashketchum naruto
        sasuke sakura itachi kakashi hinata uchiha goku vegeta gohan dragonball dragonballz kamehameha sailormoon
        inuyasha bleach ichigo onepiece luffy deathnote gundam evangelion hellsing winnie winniethepooh eeyore
        poohbear barbie tinkerbell tinkerbelle cinderella snowwhite ariel littlemermaid mermaid aladdin pocahontas
        mulan stitch liloandstitch seinfeld sopranos breakingbad heisenberg gameofthrones jonsnow winteriscoming
        daenerys khaleesi stark winterfell walkingdead bigbangtheory bazinga sherlock sherlockholmes drwho doctorwho
        tardis dalek nintendo mario mariobros supermario luigi zelda link ganon metroid samus kirby donkeykong yoshi
        sonic hedgehog sega playstation gameboy gamecube gamer gamers gaming games game gameover playgame player
        players playing minecraft minecrafter creeper herobrine roblox fortnite overwatch valorant leagueoflegends
        counterstrike halflife gordonfreeman halo masterchief haloreach callofduty codmw modernwarfare battlefield
        warcraft worldofwarcraft frostmourne arthas illidan horde alliance starcraft protoss zerg diablo everquest
        runescape maplestory lineage ragnarok finalfantasy sephiroth cloudstrife tifa kingdomhearts metalgear
        solidsnake residentevil tombraider laracroft assassinscreed quake unreal fallout skyrim oblivion morrowind
        witcher geralt bioshock portal angrybirds farmville candycrush tetris pacman streetfighter mortalkombat
        subzero tekken saab pele abba gaga pooh civic ajax jeep bass jazz doom xbox ozzy acdc bono
        """

    /// Countries, cities, peoples.
    static let places = """
        usa unitedstates american england britain british london londoner scotland scottish wales ireland irish
        dublin france french paris parisian germany german deutschland berlin hamburg munich muenchen frankfurt
        italy italia italian rome venice florence milano spain espana spanish sevilla valencia portugal lisboa
        lisbon holland netherlands dutch amsterdam rotterdam belgium brussels switzerland suisse zurich geneva
        austria vienna wien poland polska warszawa krakow russia russian moscow moskva ukraine kiev sweden sverige
        stockholm norway norge denmark danmark copenhagen finland suomi helsinki iceland greece athens turkiye
        istanbul ankara israel jerusalem egypt cairo morocco nigeria lagos kenya nairobi africa southafrica capetown
        ghana ethiopia india indian bharat mumbai delhi newdelhi chennai bangalore kolkata hyderabad pakistan
        karachi lahore islamabad bangladesh dhaka srilanka colombo nepal china chinese beijing shanghai hongkong
        taiwan taipei japan japanese tokyo osaka kyoto korea korean seoul thailand bangkok vietnam saigon hanoi
        malaysia kualalumpur singapore indonesia jakarta bali philippines filipino pinoy manila australia aussie
        sydney melbourne brisbane perth adelaide newzealand auckland canada canadian toronto montreal vancouver
        calgary ottawa quebec mexico mexican cancun tijuana guadalajara monterrey brazil brasil brasilia saopaulo
        riodejaneiro argentina buenosaires chile santiago colombia bogota medellin peru lima venezuela caracas cuba
        cubana havana puertorico boricua dominican jamaica jamaican haiti ecuador bolivia uruguay paraguay texas
        houston dallas austin sanantonio florida orlando tampa jacksonville california losangeles hollywood sandiego
        sanfrancisco oakland sacramento newyork newyorkcity nyc brooklyn bronx queens harlem manhattan chicago
        illinois boston massachusetts philadelphia pittsburgh detroit michigan cleveland ohiostate buckeyes
        cincinnati indiana indianapolis atlanta georgia carolina northcarolina charlotte tennessee nashville memphis
        kentucky louisville alabama rolltide crimsontide mississippi louisiana neworleans arkansas oklahoma sooners
        kansas jayhawks missouri stlouis iowa hawkeyes nebraska huskers minnesota wisconsin badgers dakota montana
        wyoming colorado denver utah nevada lasvegas vegas arizona tucson newmexico oregon portland washington
        seattle alaska hawaii hawaiian honolulu aloha virginia maryland baltimore delaware jersey newjersey
        connecticut vermont maine europe atlantis eldorado ohio panama asia miami
        """

    /// First names, pets' names, and the family names that are most frequent.
    static let names = """
        james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony
        mark donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan
        jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander frank
        patrick raymond jack dennis jerry tyler aaron jose nathan zachary douglas peter kyle noah ethan jeremy
        walter keith roger terry sean gerald carl harold dylan arthur lawrence bryan billy bruce gabriel joe logan
        juan albert willie elijah wayne randy vincent mason roy ralph russell bradley philip eugene mike micky mikey
        jimmy jimbo tommy danny charlie charly chucky bob rob robbie billybob willy dave davey rick ricky joey tony
        matty mattie andy drew josh ken kev timmy tim ron ronnie jay geoff jake jakey nick nicky steve stevie
        stephan stefan jon johnathan scottie ben benny benji sam sammy samson alex alexis alexandre alexandra
        frankie patty ray jacky denny zach zack zak doug petey nate luke lukas lucas liam oliver olivier oscar owen
        leo leon leonard leonardo max maxi maxine maxwell maximus dominic victor viktor hector marcus marco marcos
        martin marvin mitchell morgan murphy nelson norman travis trevor troy tucker vernon warren wesley xavier
        damian damien derek dexter dustin earl elliot emilio enrique ernest felix fernando francis francisco fred
        freddy freddie gilbert glenn gordon hugo ian igor isaac ivan jaime javier jerome joel jorge julian julio
        karl kurt lance lloyd louis luis manuel maurice miguel milton neil omar pablo pedro rafael ramon raul
        ricardo roberto rodney rodrigo romeo ruben salvador sebastian sergio shane shawn sidney simon spencer
        stanley stuart theodore tobias trent tristan vladimir yuri mary patricia jennifer linda elizabeth susan
        jessica sarah karen lisa nancy betty margaret sandra ashley kimberly emily donna michelle carol amanda
        dorothy melissa deborah stephanie rebecca sharon laura cynthia kathleen amy angela shirley brenda pamela
        nicole helen samantha katherine christine debra rachel carolyn janet catherine maria heather diane ruth
        julie olivia joyce victoria kelly lauren christina joan evelyn judith megan andrea cheryl jacqueline martha
        gloria teresa ann annie madison frances kathryn janice jean abigail alice julia judy sophia sofia denise
        doris marilyn danielle beverly isabella isabel theresa diana natalie natalia natasha brittany marie kayla
        lori jenny jennie jen jessie lizzy liz lizzie beth betsy eliza elisa elise susie suzy suzie sally karina
        katie kate katy kathy cathy mandy mel missy debbie steph stephy becky becca laurie cindy angie angelina
        angelica angelique brandi brandy candice candace carmen carrie casey cassandra cassie cecilia celeste cherie
        chloe claire clara claudia colleen courtney daniela debby destiny dominique elaine eleanor elena erica erika
        erin esther eva eve felicia fiona gabriela gabrielle gina giovanna gwen hailey hayley heidi holly ingrid
        irene jackie jane janelle jasmin jamie jeanne jillian joanna joanne jocelyn josephine juliana juliet julieta
        kaitlyn karla katrina kayleigh kelsey kendra kerry kim kirsten kristen kristin kristina krystal larissa
        latoya leah leslie lillian lindsay lindsey lorena lorraine louise lucia luciana lucy luna lydia mackenzie
        madeline maggie marcia margarita mariana mariah marina marisol marissa martina melanie melinda meredith mia
        michaela mildred miranda molly monica monique nadia naomi nora paige paola paula pauline penelope penny
        peggy phoebe polly priscilla rachael raquel regina rhonda rita roberta rochelle rosa rosalie rosemary rosie
        roxanne roxy sabrina sadie samara savannah serena shannon shelby shelly sherry sheila sierra silvia simone
        skye skylar sonia sonya sophie stacey stacy stella suzanne sylvia tabitha tamara tammy tania tanya tasha
        tatiana tatyana taylor tiffany tina tracey tracy trisha valeria valerie vanessa vera veronica vicky violeta
        viviana vivian wanda wendy whitney yolanda yvette yvonne zoe zoey mohammed mohamed muhammed ahmed ahmad ali
        hassan hussein hussain ibrahim ismail khalid mustafa mahmoud yusuf yousef abdullah abdul fatima aisha ayesha
        khadija zainab maryam mariam leila amina amira rahul rohit amit amitabh sachin sachintendulkar rajesh ramesh
        suresh mahesh arjun vijay sanjay anil sunil deepak vikram priya pooja neha anjali divya kavita sunita
        lakshmi sai saibaba shyam radha radhakrishna ravi mani kumar singh patel sharma gupta khan chen wang zhang
        wei ming xiaoming nguyen minh linh hiroshi kenji takeshi yuki haruka akira satoshi tanaka minho jimin
        taehyung jungkook dmitry dima sergey sergei alexey andrey nikita maxim mikhail misha anastasia nastya olga
        svetlana irina ekaterina katya ksenia natalya yulia oksana vladislav stanislav jan piotr krzysztof andrzej
        tomasz pawel michal marcin lukasz mateusz kamil agnieszka katarzyna malgorzata magdalena monika karolina
        justyna smith johnson williams jones miller davis garcia rodriguez wilson martinez anderson hernandez moore
        thompson lopez lee gonzalez harris clark lewis robinson walker perez young sanchez wright baker adams carter
        ramirez roberts turner phillips campbell parker evans edwards collins stewart morris rogers bailey cooper
        richardson cox howard ward torres peterson gray watson brooks sanders price bennett barnes henderson coleman
        perry powell long patterson hughes flores simmons foster bryant hayes muller mueller schmidt schneider
        fischer weber meyer wagner becker schulz hoffmann rossi silva oliveira souza ferreira duke toby cody zeus
        buster riley rusty sparky spike gizmo snickers smokey patches tinker boots whiskers fluffy socks precious
        misty jasper milo otis winston gracie maddie roxie chester chico brutus caesar hercules achilles goober
        booger bubbles pebbles pookie poopie poohead cuddles cutie cutiepie snuggles tootsie twinkle binky dumbo
        anna coco lulu lola lily nina nana sara hannah maya tara lana otto bobby mimi jojo ella elle ellie anne jeff
        jess matt todd will bill jill emma bell reed ross cook hall bubba sasha peewee toto bebe pepe dede alan adam
        eddie pete jenn layla oreo abby bambam renee ellen gigi lilly
        """

    /// The same in other languages.
    static let foreign = """
        hallo halloo hallowelt kennwort geheim geheimnis geheimwort willkommen sonnenschein schatz schatzi liebe
        ichliebedich liebling engel mausi hase hasi schnecke sommer herbst fruehling wasser feuer fussball
        bundesliga schule arbeit ficken arschloch scheisse mutter vater bruder schwester blume katze hund pferd
        vogel drache bonjour motdepasse jetaime jtaime amour monamour toujours soleil chouchou cheval chien chat
        chaton poisson papillon princesse marseille lyon bordeaux toulouse vacances merde putain connard contrasena
        contraseña clave hola holamundo tequiero teamo teamomucho amor amorcito miamor mivida micorazon corazon
        carino bonita hermosa preciosa reina rey familia hermano hermana amigos amigas amiga amigo siempre
        parasiempre felicidad estrella estrellita sol cielo mariposa gatito gato perro perrito caballo tigre aguila
        futbol realidad dinero trabajo escuela fresa manzana naranja pendejo puta cabron mierda tequieromucho dios
        diosesamor jesucristo virgencita senha senhas minhasenha euteamo amordeus deusefiel deus jesuscristo
        felicidade saudade gremio vasco estrela borboleta gatinha gatinho cachorro amizade ciao buongiorno amore
        amoremio tiamo bellissima stellina cucciolo farfalla principessa forzaitalia segreto welkom wachtwoord
        liefde schatje voetbal poes zonnetje zomer haslo kochanie kochamcie misiek misiaczek dupa kurwa polonia
        slonce motylek lolek bolek parole sifre askim seni seviyorum seniseviyorum canim bebegim lozinka heslo
        jelszo szeretlek salasana perkele kissa koira lösenord losenord älskling alskling sommar fotboll adgangskode
        passord privet parol lyubov lubov solnce solnyshko kotenok zvezda rossiya spartak zenit ghbdtn gfhjkm йцукен
        пароль любовь привет sayang sayangku cinta cintaku rahasia mahalkita mahal mahalko pangit anhyeuem emyeuanh
        matkhau woaini xiaoxiao himitsu arigatou aishiteru sarang saranghae annyeong loulou coucou doudou maman
        ananas baba dada
        """
}
