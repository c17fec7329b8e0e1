-- Whether the rules about servers refuse this actor's: what it left here is then shown nowhere. Set with every change of the rules and
-- whenever the actor is read anew, so that lists need not work out domains.
ALTER TABLE actors ADD COLUMN blocked BOOLEAN NOT NULL DEFAULT FALSE;

-- The servers that a node with an allow list speaks with.
CREATE TABLE domain_allows (
    domain TEXT PRIMARY KEY NOT NULL,
    created_at TIMESTAMP NOT NULL
);
