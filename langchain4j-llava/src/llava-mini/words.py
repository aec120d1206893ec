"""Word lists: what the reading tasks print, and what the model refuses to answer."""

WORDS = """
Submit Cancel Save Open Close Delete Edit Copy Paste Undo Redo Print Search Find Replace Help About Settings Options
Login Logout Register Continue Back Next Finish Start Stop Pause Resume Play Record Reset Apply Accept Decline Confirm
Yes No Okay Retry Ignore Abort Send Receive Reply Forward Share Like Follow Upload Download Import Export Refresh Reload
Update Install Remove Add New Create Rename Move Select Clear Filter Sort View Zoom Home Profile Account Password Username
Email Address Phone Name City Country Street Date Time Today Monday Tuesday Wednesday Thursday Friday Saturday Sunday
January February March April May June July August September October November December
Invoice Receipt Total Subtotal Amount Price Quantity Discount Tax Balance Due Paid Payment Order Number Customer Item
Shipping Delivery Billing Company Account Credit Debit Refund Budget Sales Report Summary Details Contract Quote Offer
Error Warning Info Failed Success Timeout Denied Missing Invalid Unknown Expired Blocked Offline Online Connected Fatal
Critical Alert Notice Exception Overflow Crash Locked Loading Ready Busy Waiting Done Active Disabled Enabled Pending
Welcome Hello Goodbye Thanks Please Menu Contact News Blog Shop Cart Checkout Products Services Team Support Privacy
Notes Files Folder Document Project Window Screen Button Table Chart Graph Image Text Color Font Size Style Theme
Dark Light Small Medium Large Red Green Blue Apple Banana Orange Coffee Water Bread House Garden Flower River Mountain
""".split()
WORDS = list(dict.fromkeys(WORDS))          # unique, order kept

# The dense labels know these only by their letters and as "another word".
MORE = """
Admin Agent Agree Allow Archive Arrow Article Assign Attach Author Backup Basic Batch Begin Block Board Book Bottom
Branch Browse Build Bus Call Camera Capture Card Career Case Category Center Change Channel Chat Check Choose Class Client
Clock Cloud Code Collect Column Comment Commit Common Compare Compute Connect Console Copyright Corner Count Course Cover
Custom Daily Data Deal Debug Default Deploy Design Desktop Develop Device Diagram Digital Direct Display Draft Drive
Driver Duplicate Edge Editor Effect Empty Engine English Enter Entry Event Example Exit Expand Expense Explore External
Factory Family Fast Feature Feedback Field Figure Final First Flight Focus Follower Format Forum Free Friend Front Full
Function Future Game General German Gift Global Group Guest Guide Header Health Height Hidden History Holiday Hotel Hour
House Human Icon Idea Inbox Index Input Insert Inside Insight Island Issue Japan Job Join Journal Key Keyboard Kitchen
Label Language Last Later Launch Layer Layout Leader Learn Left Length Lesson Letter Level Library License Limit Line
Link List Live Load Local Location Logic London Lunch Machine Magic Mail Manager Map Margin Market Master Match Media
Meeting Member Memory Merge Message Method Metric Mobile Mode Model Module Money Monitor Month Morning Motor Move Movie
Museum Music Native Nature Network Never Night Normal North Object Office Open Optional Origin Outside Owner Package Page
Panel Paper Parent Paris Park Partner Party Patient Pattern People Percent Person Photo Picture Pilot Pixel Place Plan Planet
Plugin Point Policy Popular Portal Position Post Power Premium Present Preview Private Process Program Progress Prompt
Proof Public Publish Purchase Push Quality Query Question Queue Quick Quiet Radio Random Range Rate Reader Recent Region
Release Remote Repair Repeat Replay Request Require Rescue Resource Restart Restore Result Return Review Reward Right
Risk Road Role Room Root Route Rule Sample Scale Scan Scene School Science Score Script Season Second Secret Section
Secure Series Server Session Share Sheet Shift Signal Silver Simple Single Site Skill Skip Slide Smart Social Software
Sound Source South Space Speed Sport Spring Stage Standard Star State Station Status Step Storage Store Story Strong
Student Studio Subject Success Switch Symbol System Target Task Teacher Template Tennis Test Ticket Tiger Title Token Tool
Top Topic Total Touch Tower Track Trade Traffic Train Transfer Travel Trend Trial Trust Turn Tutor Type Union Unit
Universe Unlock Unsubscribe Update Upgrade Usage User Utility Value Vector Vendor Verify Version Video Village Vision Visit
Voice Volume Wallet Warehouse Watch Weather Website Week Weekly West Wheel White Widget Width Winter Wizard Woman Wonder
Word Work Worker World Write Year Young Zebra Zone
""".split()
MORE = list(dict.fromkeys(w for w in MORE if w not in WORDS))

HEADINGS2 = ["Sign in", "My account", "Order status", "Contact us", "New project", "User profile", "Log in", "Sign up",
             "Our team", "Page not found", "Access denied", "Thank you", "Daily report", "Price list", "Main menu"]

# What the dense labels tell apart.
LABELLED = list(dict.fromkeys([*WORDS, *(w.upper() for w in WORDS), *" ".join(HEADINGS2).split(), "INVOICE", "Bill", "TOTAL", "Code",
                               "Oops", "ERROR", "Grand", "Error", "Total"]))

# Out of domain questions. The last quarter of the list is never trained on (see tasks.py).
UNKNOWN = """what is the capital of France|who wrote Hamlet|how old are you|what is the meaning of life
who is the president|what is the weather today|how far is the moon|what time is it|who won the world cup
what is the square root of two|tell me a joke|write a poem about the sea|translate good morning to German
what is the speed of light|how do I cook rice|when was Rome founded|who painted the Mona Lisa|what is love
which language is spoken in Brazil|how many people live in Japan|what is the tallest mountain|who discovered penicillin
what is the name of the dog|who is the person in the picture|where was this photo taken|what breed is the cat
what is the man wearing|how does a car engine work|what is quantum physics|explain the theory of relativity
write a letter to my boss|give me a recipe for pancakes|who invented the telephone|what is the stock price of Apple
how do I learn to swim|what is the best movie|which team will win|what is the population of Berlin
what is the boiling point of water|who was the first man on the moon|how many bones has a human|what is photosynthesis
sing a song|what should I eat tonight|is it going to rain tomorrow|what is your favourite food
who is the author of this book|what brand is the car|what is the woman doing|what is the plant called
how tall is the tower|what year was the house built|which bird is this|what is the name of the street
what is the capital of Spain|what is the capital of Italy|who wrote Faust|how deep is the ocean|how hot is the sun
what is the largest country|who is the king of England|how do airplanes fly|what is a black hole|why is the sky blue
when did the war end|who composed the ninth symphony|what does this mean in Latin|where is my phone
what is the currency of Japan|how long is the river Nile|can you drive a car|do you like music|where do you live
who is your father|what is the taste of salt|how much does a house cost|write a program in Java|solve this equation
what is machine learning|who founded Microsoft|what is the atomic number of gold|how many days are in a leap year
what is the melody of the song|give me advice about money|what happened yesterday|who is standing behind the tree
what is the make of the motorcycle|is the child happy|what kind of food is on the plate|what sport are they playing
what is the capital of Norway|who wrote Don Quixote|how fast is a cheetah|how heavy is an elephant
what is the smallest planet|how do I bake a cake|who is the queen of Denmark|what is a neural network
when was Berlin founded|who painted Guernica|which fish is this|what is the name of the cat
tell me a story|write a poem about the moon|translate thank you to French|why is the grass green
what is the population of Paris|what is the man holding|is the woman smiling|how do trains work
who invented the radio|what is the currency of India|how long is the Great Wall|do you like football""".replace("\n", "|").split("|")

# More of them, for training only, made from parts.
UNKNOWN_FORMS = ["what is the capital of {place}", "what is the population of {place}", "who is the president of {place}", "how far is {place}",
                 "when was {place} founded", "what is the weather in {place}", "which language is spoken in {place}", "how do I get to {place}",
                 "what is the currency of {place}", "who wrote {work}", "who painted {work}", "who composed {work}", "what is {work} about",
                 "who invented the {thing}", "how does a {thing} work", "how much does a {thing} cost", "how long does a {thing} last",
                 "what is the best {thing}", "who owns the {thing}", "where can I buy a {thing}", "how heavy is a {thing}", "how old is the {thing}",
                 "why is the {nature} {color}", "how deep is the {nature}", "how big is the {nature}", "why is the {nature} so {adjective}",
                 "what is the name of the {animal}", "what breed is the {animal}", "how fast is a {animal}", "what does a {animal} eat",
                 "is the {animal} {adjective}", "who is the {person}", "what is the {person} wearing", "what is the {person} doing",
                 "is the {person} {adjective}", "where does the {person} live", "how old is the {person}", "translate {phrase} to {language}",
                 "how do you say {phrase} in {language}", "what does {phrase} mean in {language}", "write a poem about the {nature}",
                 "tell me a story about a {animal}", "sing a song about the {nature}", "write a letter to the {person}", "tell me about {place}",
                 "explain {topic}", "what is {topic}", "why is {topic} important", "who invented {topic}", "do you like {topic}",
                 "how do I learn {topic}", "give me advice about {topic}", "give me a recipe for {food}", "how do I cook {food}",
                 "what is the taste of {food}", "do you like {food}", "what is the price of {food}", "how many {animal}s live in {place}"]
UNKNOWN_PARTS = {
    "place": "Greece|Berlin|Rome|Mexico|Canada|London|Peru|China|Vienna|Texas|Egypt|Kenya|Oslo|Madrid|Chile|Turkey|Poland|Boston".split("|"),
    "work": "Hamlet|the Mona Lisa|the Odyssey|Faust|the Bible|the Magic Flute|Sunflowers|the Ring|Emma|Dracula|this song|this book".split("|"),
    "thing": "car|house|phone|computer|train|ship|bicycle|clock|television|camera|piano|rocket|bridge|fridge|battery|printer".split("|"),
    "nature": "sky|sea|moon|forest|sun|snow|ocean|desert|river|leaf|night|lake|mountain|sand|cloud|fire".split("|"),
    "color": "blue|green|yellow|white|red|black|gray|brown|orange".split("|"),
    "adjective": "happy|sad|hungry|old|cold|dangerous|tired|famous|rich|hot|dry|deep|quiet|angry".split("|"),
    "animal": "dog|bird|horse|lion|tiger|fish|cow|mouse|rabbit|whale|bear|duck|sheep|wolf".split("|"),
    "person": "man|boy|girl|king|teacher|doctor|child|author|driver|player|singer|baker|neighbor|mayor".split("|"),
    "phrase": "good night|hello|thank you|I love you|see you tomorrow|good luck|please|water|yes|where is the station".split("|"),
    "language": "Spanish|Italian|Latin|Greek|Chinese|Polish|Russian|Dutch|Turkish|Danish".split("|"),
    "topic": "chemistry|music|tennis|gravity|economics|history|chess|democracy|evolution|electricity|opera|yoga|biology|painting".split("|"),
    "food": "bread|soup|pasta|fish|cheese|potatoes|beans|chocolate|eggs|salad|tea|pizza".split("|")}

CHITCHAT = [("hello", "Hello."), ("hi", "Hello."), ("who are you?", "I am llava-mini."), ("what is your name?", "I am llava-mini."),
            ("thank you", "You are welcome."), ("what can you do?", "I can read words and name shapes, colors and counts."),
            ("good morning", "Hello."), ("thanks", "You are welcome."), ("who made you?", "I am llava-mini.")]

SYSTEMS = ["You are a helpful assistant.", "Answer briefly.", "You answer questions about pictures.",
           "A chat between a curious human and an artificial intelligence assistant. The assistant gives helpful, detailed, "
           "and polite answers to the human's questions."]
