namespace MbpoML.Orleans.Leases;

/// <summary>A checkpoint that counts: the next lease begins with it.</summary>
/// <param name="Epoch">The epoch of the lease in whose folder it lies.</param>
/// <param name="File">Its name, without a folder.</param>
/// <param name="Step">The real steps that it holds.</param>
/// <param name="Sha256">The hash of its content, in lower hexadecimal digits.</param>
[GenerateSerializer]
internal sealed record PromotedCheckpoint(
    [property: Id(0)] long Epoch, [property: Id(1)] string File, [property: Id(2)] long Step, [property: Id(3)] string Sha256);
