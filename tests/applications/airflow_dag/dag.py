from datetime import datetime

from airflow.decorators import dag, task
from airflow.operators.python import PythonOperator
from airflow.providers.postgres.hooks.postgres import PostgresHook

from ads import push


@dag(schedule="@daily", start_date=datetime(2024, 1, 1))
def audience():
    @task
    def extract():
        hook = PostgresHook(postgres_conn_id="shop")
        with hook.get_conn() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT phone, city FROM users")
            return cursor.fetchall()

    @task
    def load(rows):
        push([row[0] for row in rows])  # leak: users.phone
        push([row[1] for row in rows])  # clean

    load(extract())


audience()


def export():
    hook = PostgresHook(postgres_conn_id="shop")
    push(hook.get_records("SELECT phone FROM users"))  # leak: users.phone
    push(hook.get_records("SELECT city FROM users"))  # clean
    push(hook.get_pandas_df("SELECT phone, city FROM users")["city"])  # clean


operator = PythonOperator(task_id="export", python_callable=export)
