-- Grain: one row per channel.
select
    channel,
    label_en,
    label_id,
    is_spoken,
    is_public
from (
    values
    ('voice', 'Phone call', 'Telepon', true, false),
    ('chat', 'Chat', 'Obrolan', false, false),
    ('email', 'E-mail', 'Surel', false, false),
    ('social', 'Social media', 'Media sosial', false, true)
) as channels (channel, label_en, label_id, is_spoken, is_public)
