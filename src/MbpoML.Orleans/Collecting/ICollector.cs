namespace MbpoML.Orleans.Collecting;

/// <summary>A collector as the trainer's side sees it.</summary>
internal interface ICollector
{
    /// <summary>The worker at which it is, as messages call it.</summary>
    string Worker { get; }

    /// <summary>Asks for a move.</summary>
    Task<CollectorReply> CallAsync(CollectorCall call);

    /// <summary>Gives the simulator back.</summary>
    Task CloseAsync(long epoch);
}
