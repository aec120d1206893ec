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

CHITCHAT = [("hello", "Hello."), ("hi", "Hello."), ("who are you?", "I am llava-mini."), ("what is your name?", "I am llava-mini."),
            ("thank you", "You are welcome."), ("what can you do?", "I can read words and name shapes, colors and counts."),
            ("good morning", "Hello."), ("thanks", "You are welcome."), ("who made you?", "I am llava-mini.")]

SYSTEMS = ["You are a helpful assistant.", "Answer briefly.", "You answer questions about pictures.",
           "A chat between a curious human and an artificial intelligence assistant. The assistant gives helpful, detailed, "
           "and polite answers to the human's questions."]
