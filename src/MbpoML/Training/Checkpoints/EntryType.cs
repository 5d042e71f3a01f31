namespace MbpoML.Training.Checkpoints;

/// <summary>The type of the values of an entry, as the byte that stands in the file.</summary>
internal enum EntryType : byte
{
    /// <summary>Parameters, moments, transitions.</summary>
    Float32 = 1,

    /// <summary>The environment's state, and counters that must stay exact.</summary>
    Float64 = 2,

    /// <summary>Counters and indices.</summary>
    Int64 = 3,

    /// <summary>Text, and states of random generators.</summary>
    Byte = 4,
}
