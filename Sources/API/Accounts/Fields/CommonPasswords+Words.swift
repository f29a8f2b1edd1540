// In small letters, with letters where people put digits, and without numbers behind: folding does the rest. No word that
// another one makes by being said twice.

extension CommonPasswords {
    /// What people write when they are asked for a secret: that, what it opens, and what comes with the box.
    static let secrets = """
        password passwort passwd passwrd pasword passphrase passcode passkey passme mypassword mypass newpassword
        newpass oldpassword thepassword yourpassword nopassword nopass changeme changeit changethis changepassword
        change please letmein letmeinnow letmesee openup open opensesame sesame access accessgranted granted enter
        enternow entry login logon signin loginme secret secrets mysecret topsecret secretword supersecret
        verysecret private keepout hidden hideme unlock locked unlocked keyword security secure secured safe safety
        guest visitor user username users newuser testuser testing tester testme demo sample example temp temporary
        tempass temppass default defaultpass blank nothing empty undefined unknown anonymous whatever something
        anything everything nopasswd idontknow dontknow iforgot forgot forgotten forgetit forgetme remember
        rememberme noidea nevermind whocares dontcare trustno1 trustnoone trustme trust adm admin admins adminpass
        adminpassword administrator administration rootpass rootpassword superuser superadmin sysadmin sysop system
        systems manager manage management operator supervisor support service services helpdesk owner master
        masterkey masterpass webmaster postmaster webadmin server servers cisco oracle postgres postgresql mysql
        mongodb redis sqlserver database databases backup backups ubuntu debian fedora centos redhat linux unix
        windows microsoft apple google amazon facebook yahoo hotmail gmail android iphone samsung nokia motorola
        sony toshiba lenovo compaq packardbell huawei xiaomi intel pentium internet network networks wireless router
        modem switch gateway firewall computer computers laptop desktop keyboard monitor printer mouse website
        webpage online offline digital cyber cyberspace hacker hackers hacking hacked hackme cracker matrix neo
        trinity morpheus raspberry raspberrypi alpine calvin maintenance vagrant docker kubernetes jenkins tomcat
        jboss weblogic nagios zabbix grafana elastic ansible terraform gatehouse developer develop development
        staging production deploy office company business corporate enterprise welcome welcomehome welcomeback hello
        helloworld hellothere hithere hi hey heythere goodbye seeyou sayhello hellokitty goodmorning goodnight
        goodluck thankyou thanks pleaseletmein paswort parola firstpass mypc mycomputer myaccount account accounts
        member members registration register subscribe newaccount bitcoin crypto ethereum dogecoin wallet money cash
        dollar dollars millionaire million rich richie wealth bank banking banker creditcard visa mastercard paypal
        payday pass boss test root toor null none dell bye byebye asus
        """

    /// What fingers do by themselves.
    static let walks = """
        qwertz qwertzuiop qwertzui azerty azer qaz qazwsx qazwsxedc wsxedc edcrfv rfvtgb tgbyhn qweasd qweasdzxc qwe
        asd zxc asdzxc qwaszx qawsed qawsedrf zaq zaqxsw zaqwsx xswzaq xsw mjunhy asdfjkl jkl dvorak aoeu aoeuidhtns
        qwop wasd yxcvbnm yxcv q1w2e3 q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 1q2w3e 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y
        1a2b3c 1a2b3c4d a1b2c3 a1b2c3d4 a1s2d3 a1s2d3f4 1a2s3d4f z1x2c3 z1x2c3v4 1z2x3c4v q2w3e4r5 qazxsw qazxswedc
        123qwe 123qweasd 123qweasdzxc 123asd 123abc 123abc123 abc abc123abc aabbccdd xyz 11223344 1122334455
        112233445566 102030 10203040 1020304050 135790 147258 147258369 147852 147852369 159357 159753 246810 2468
        258456 321654 357159 369258147 456123 654123 741852 741852963 753159 753951 789456 789456123 852456 963852
        963852741 987456 987456321 31415926 3141592654 314159 27182818 16180339 8675309 5201314 1314520 5211314
        7758521 qwerty qwert qwertyui qwertyuiop qwer azertyuiop asdf asdfg asdfgh asdfghj asdfghjk asdfghjkl zxcv
        zxcvb zxcvbn zxcvbnm poiuy poiuytrewq mnbvcx mnbvcxz lkjhgf lkjhgfdsa ytrewq trewq rewq fdsa vcxz hjkl abcd
        abcde abcdef abcdefg abcdefgh zyx zyxwvu
        """

    /// Things, beasts, feelings, and what is said of somebody loved or hated.
    static let things = """
        iloveyou iloveu iloveme ilovegod ilove ily iloveher ilovehim iloveit iloveyousomuch loveyou loveme love
        lovely lover loverboy lovers loveu loves loving lovebug truelove mylove mylife myheart mybaby mygirl myboy
        myangel myself myfamily mydad mother mothers father daddysgirl babygirl babyboy babyblue babydoll babylove
        sweetheart sweety sweetie sweetpea sweet sweets honey honeybee honeybear darling dearest beloved forever
        foreverlove always alwaysandforever together kisses kissme hugs hugme hug smile smiles smiley happy happyday
        happyness happiness joy joyful lucky luckyone luckystar beautiful beauty gorgeous pretty prettygirl princess
        princesa prince queen king kings royal royalty angel angels angelbaby guardian heaven paradise goddess devil
        devils demon satan lucifer hellfire god godisgood godislove godbless jesus jesuschrist jesusislord
        jesuslovesme christ christian blessed blessing blessings faith hope grace spirit prayer pray amen bismillah
        alhamdulillah mashallah inshallah muhammad buddha krishna shiva ganesh bible heavenly holy church psalm
        immanuel trustgod dragon dragons dragonfly monkey monkeys tiger tigers tigger lion lions lionking leopard
        panther panthers cheetah jaguar puma cougar wildcat wildcats bobcat kitty kitten kittens kittycat cat cats
        catdog catlover meow pussycat dog dogs doggy doggie doglover puppies poodle bulldog bulldogs husky beagle
        boxer rottweiler labrador wolf wolves wolfpack werewolf fox foxy bear bears teddybear teddy panda pandas
        koala polarbear rabbit rabbits bunny bunnies mickey minnie hamster squirrel horse horses pony ponies mustang
        stallion unicorn unicorns pegasus phoenix griffin eagle eagles falcon falcons hawk hawks raven ravens crow
        owl bird birds birdie parrot penguin penguins duck ducks ducky chicken chickens rooster turkey goose swan
        dove butterfly butterflies ladybug spider spiders spiderman scorpion scorpio snake snakes viper cobra python
        anaconda lizard turtle turtles frog frogs froggy fish fishes fishing dolphin dolphins shark sharks whale
        goldfish salmon elephant elephants giraffe zebra monkeyboy gorilla rhino hippo buffalo bulls cow cows moose
        buck sheep lamb goat pig piglet piggy porky dinosaur trex godzilla kingkong sunshine sunny sunset sunrise
        sunflower sunday sun moonlight moonbeam star stars starlight stardust superstar starfish rockstar sky
        skyline skywalker blue bluesky bluemoon rainbow rainbows rain raindrop storm stormy thunder thunderbolt
        lightning cloud cloudy snow snowball snowflake snowman winter spring summer autumn summertime wintertime
        fire fireball firefly fireman ice iceman icecream water waterfall ocean oceans sea river lake beach beaches
        island mountain mountains forest jungle desert earth world planet galaxy universe space cosmos nebula apollo
        mars jupiter saturn venus mercury neptune uranus pluto orion aurora eclipse midnight dawn flower flowers
        rose roses rosebud daisy tulip orchid jasmine violet lavender sunflowers bluebell trees willow maple cedar
        garden green greenday red black white purple pink pinky orange yellow brown silver gold golden goldengirl
        bronze copper platinum diamond diamonds ruby emerald sapphire crystal pearl opal jade amber topaz blackcat
        blackjack blackbird blackdog blackrose blackhole redrose bluebird chocolate chocolat cookie cookies candy
        candyman candies sugar sugarplum cupcake cupcakes muffin cake pie pumpkin peanut peanuts peanutbutter butter
        buttercup cheese cheesecake cheeseburger pizza pizzaman burger hotdog bacon chips popcorn pickle pickles
        bananas apples cherry cherries strawberry blueberry blackberry raspberries peaches peach mango lemon
        lemonade lime coconut pineapple watermelon grape grapes melon tomato potato potatoes carrot ginger cinnamon
        vanilla peppers drpepper salt coffee espresso mocha latte teatime tea milk milkshake juice pepsi cocacola
        coke sprite fanta redbull budweiser corona heineken whiskey whisky vodka tequila jackdaniels rum wine
        guinness jameson smirnoff bacardi champagne marlboro newport smoke smoking marijuana ganja cannabis blunt
        stoner shadow shadows ghost ghosts phantom spirits zombie zombies vampire vampires witch wizard wizards
        magic magical merlin mystic mystery gandalf dark darkness darklord darkangel darkside nightmare night knight
        knights blackknight warrior warriors hunter hunters ranger rangers soldier sniper assassin ninja ninjas
        samurai pirate pirates gangster gangsta mafia outlaw rebel rebels bandit cowboy cowgirl killer killers
        killme killall terminator predator alien aliens robot robots cyborg transformer optimus machine power powers
        powerful powerhouse force strong strength thebest best bestfriend bestfriends friend friends friendship
        freedom freeman liberty peace peaceful peacelove justice victory winner winners champion champions champ
        number numberone success successful legend legends hero heroes superhero superman batman batgirl catwoman
        wonderwoman ironman hulk wolverine deadpool thor loki captain captainamerica avengers xmen joker jokers
        punisher daredevil greenlantern superboy supergirl superwoman robin flash maverick rocket rockets missile
        bullet bullets gun guns pistol shotgun sword blade razor knife hammer trooper marine marines army navy
        airforce military colonel general sergeant major pilot police doctor nurse teacher student students school
        college university highschool homework science physics chemistry biology maths mathematics history english
        sexy sexygirl sexyboy sexymama sexybitch sex sexual sexxxy hot hottie hotstuff hotgirl hotboy hotness
        naughty playboy playgirl porn porno xxx booty asshole ass bitch bitches bitchy biatch fuck fucker fucking
        fuckme fuckyou fuckoff fuckit fuckthis motherfucker shit bullshit shithead dick dickhead pussy cunt bastard
        damn damnit crap whore slut penis vagina horny lesbian gay suckit suckme sucks sucker idiot stupid dumbass
        moron loser losers retard crazy crazyboy crazygirl psycho insane lunatic maniac freak nerd coolguy coolgirl
        coolboy awesome amazing fantastic wonderful perfect excellent superb great super supercool epic wicked
        badass badboy badgirl goodboy goodgirl nice niceguy funny funnyman fun funtime party partytime partygirl
        dudes buddy buddies mate bossman bigboss bigboy bigman bigdog bigdaddy bigdick littleman littleone
        smallville tiny shorty fatboy fatman chubby skinny skippy speedy turbo nitro jumper home house houses myhome
        sweethome family families brother brothers sister sisters cousin uncle grandma grandpa wife husband
        girlfriend boyfriend son daughter children kids wedding married divorced birthday happybirthday christmas
        xmas merrychristmas easter halloween valentine newyear holiday holidays vacation weekend monday tuesday
        wednesday thursday friday saturday january february march april may june july august september october
        november december today tomorrow yesterday morning evening kiss puppy poppy daddy mommy mummy mama papa mom
        dad beer weed geek moon cool good free tree deer bull hell fall banana allah sissy tits boobs boob poop haha
        hahaha lol lmao xoxo yoyo one two three four five six seven eight nine ten hundred thousand bees baby babe
        pepper dude sassy noon seed
        """
}
