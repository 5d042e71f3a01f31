using System.Text.Json;
using System.Text.Json.Serialization;

namespace MbpoML.Orleans.Grains;

/// <summary>A grain that keeps a record. A record counts once the storage has it; where that fails, the grain begins again with what the storage has.</summary>
/// <typeparam name="T">The record; its default is that of a grain that was never written.</typeparam>
/// <param name="stored">The storage, which refuses a writer that did not read the newest state: two lives of one grain never both write.</param>
internal abstract class RecordGrain<T>(IPersistentState<StoredText> stored) : Grain
    where T : class, new()
{
    private static readonly JsonSerializerOptions Form = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>What is kept.</summary>
    protected T Record { get; private set; } = new();

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Record = stored.State.Json is { } json ? JsonSerializer.Deserialize<T>(json, Form) ?? new T() : new T();
        return Task.CompletedTask;
    }

    /// <summary>Keeps a record.</summary>
    protected async Task WriteAsync(T record)
    {
        if (ReferenceEquals(record, Record)) return;
        try
        {
            stored.State.Json = JsonSerializer.Serialize(record, Form);
            await stored.WriteStateAsync();
            Record = record;
        }
        catch
        {
            // Whether the storage took it is not known: the next life of the grain reads what it has.
            DeactivateOnIdle();
            throw;
        }
    }

    /// <summary>Forgets everything.</summary>
    protected async Task ClearAsync()
    {
        DeactivateOnIdle();
        await stored.ClearStateAsync();
        Record = new T();
    }
}
