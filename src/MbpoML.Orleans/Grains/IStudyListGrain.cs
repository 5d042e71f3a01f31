namespace MbpoML.Orleans.Grains;

/// <summary>The names of the studies of the cluster. There is one such grain, with the key <see cref="Key"/>.</summary>
[Alias("mbpo-studies")]
internal interface IStudyListGrain : IGrainWithStringKey
{
    /// <summary>The key.</summary>
    const string Key = "studies";

    /// <summary>The names, in order.</summary>
    [Alias("list")]
    [ResponseTimeout(ITrialGrain.Patience)]
    Task<IReadOnlyList<string>> ListAsync();

    /// <summary>Adds a name.</summary>
    [Alias("add")]
    Task AddAsync(string study);

    /// <summary>Takes a name away.</summary>
    [Alias("remove")]
    Task RemoveAsync(string study);
}
