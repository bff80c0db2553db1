{{ config(materialized='table') }}
select phone as contact, city from {{ ref('users') }} where id > {{ var('from') }}
