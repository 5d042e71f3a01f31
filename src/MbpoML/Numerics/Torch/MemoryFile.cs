using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace MbpoML.Numerics.Torch;

/// <summary>A file in memory, for systems where no folder may hold an executable file.</summary>
/// <remarks>Linux man-pages, memfd_create(2): the file has a number and no folder, and lives until its last user closes it.</remarks>
[SupportedOSPlatform("linux")]
internal static partial class MemoryFile
{
    /// <summary>Writes a file into memory.</summary>
    /// <param name="name">What it is called in the list of the process's memory.</param>
    /// <param name="bytes">Its content.</param>
    /// <returns>
    /// A path that this process can open. The file stays open, so that no other can get this path: the dynamic linker takes the same path for the same library.
    /// </returns>
    /// <exception cref="IOException">The system makes no such file.</exception>
    public static string Write(string name, ReadOnlySpan<byte> bytes)
    {
        var number = Create(Encoding.UTF8.GetBytes(name + '\0'), flags: 0);
        if (number < 0) throw new IOException(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
        using var handle = new SafeFileHandle(number, ownsHandle: false);
        RandomAccess.Write(handle, bytes, fileOffset: 0);
        return Invariant($"/proc/self/fd/{number}");
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true)]
    private static partial int Create(ReadOnlySpan<byte> name, uint flags);
}
