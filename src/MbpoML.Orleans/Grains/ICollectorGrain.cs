using MbpoML.Orleans.Collecting;

namespace MbpoML.Orleans.Grains;

/// <summary>A simulator at one worker. The key names the silo, where it lives and dies, and the simulator.</summary>
[Alias("mbpo-collector")]
internal interface ICollectorGrain : IGrainWithStringKey
{
    /// <summary>Asks for a move.</summary>
    [Alias("call")]
    Task<CollectorReply> CallAsync(CollectorCall call);

    /// <summary>Gives the simulator back.</summary>
    [Alias("close")]
    Task CloseAsync(long epoch);
}
